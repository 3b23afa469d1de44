-- How many voices of each kind were heard on each day?
select
    (coalesce(published_at, heard_at) at time zone $zone)::date as day,
    coalesce(kind, 'unknown') as kind,
    count(*) as voices
from mentions
where day >= $partition and coalesce(published_at, heard_at) >= $since
group by all
order by all
