-- How much is each theme spoken of, and how much before? All of them: some count together.
select
    theme as value,
    count(*) filter ($since is null or said_at >= $since) as now,
    count(*) filter (said_at < $since) as before
from chosen
where theme is not null
group by all
having now > 0
order by now desc, value
