-- How often was each series heard in each of the windows that end at $until?
select
    sort, key,
    count(*) filter (said_at >= $first) as first,
    count(*) filter (said_at >= $second) as second,
    count(*) filter (said_at >= $third) as third,
    count(*) as fourth
from series
group by all
