-- How often did each listening rule hit on each day?
select
    (coalesce(published_at, heard_at) at time zone $zone)::date as day,
    query,
    count(*) as voices,
    min(coalesce(published_at, heard_at)) as first
from (select *, unnest(queries) as query from mentions where day >= $partition)
where coalesce(published_at, heard_at) >= $since
group by all
order by all
