-- Where is most said, and how much before?
select
    channel as value,
    count(*) filter ($since is null or said_at >= $since) as now,
    count(*) filter (said_at < $since) as before
from chosen
group by all
having now > 0
order by now desc, value
limit $limit
