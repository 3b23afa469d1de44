-- How much was heard in this period and in the one of equal length before it?
select
    coalesce(published_at, heard_at) >= $since as now,
    count(*) as voices,
    count(*) filter (kind = 'complaint') as complaints,
    count(*) filter (kind = 'praise') as praise,
    count(*) filter (urgency = 2) as urgent,
    count(distinct (channel, author_id)) as people
from mentions
where day >= $partition and coalesce(published_at, heard_at) >= $before
group by all
