-- At which hour of which weekday (1 Monday to 7 Sunday) do people speak?
select
    isodow(coalesce(published_at, heard_at) at time zone $zone) as weekday,
    hour(coalesce(published_at, heard_at) at time zone $zone) as hour,
    count(*) as voices
from mentions
where day >= $partition and coalesce(published_at, heard_at) >= $since
group by all
order by all
