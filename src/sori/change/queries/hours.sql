-- How often was each series heard in each hour (counted from $since)?
select
    sort, key, (epoch(said_at) - epoch($since::timestamptz))::bigint // 3600 as hour,
    count(*) as voices
from series
group by all
