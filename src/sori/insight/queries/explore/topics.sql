-- Which topics are spoken of most, and how much before?
select
    value,
    count(*) filter ($since is null or said_at >= $since) as now,
    count(*) filter (said_at < $since) as before
from (select said_at, unnest(topics) as value from chosen)
group by all
having now > 0
order by now desc, value
limit $limit
