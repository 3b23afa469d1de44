-- Some voices of each week, from a few of its days, each as likely as any other of those days?
select date_trunc('week', coalesce(published_at, heard_at) at time zone $zone)::date as week,
    title, text, lang
from mentions
where day >= $partition and list_contains($days, day)
    and coalesce(published_at, heard_at) >= $since
qualify row_number() over (partition by week order by hash(id)) <= $count
order by week
