-- Who says most, and to how many?
select
    channel,
    author_id as value,
    any_value(author_name) as name,
    count(*) as now,
    count(*) filter (kind = 'complaint') as complaints,
    max(followers) as followers
from chosen
where author_id is not null
group by channel, author_id
order by now desc, followers desc nulls last, value
limit $limit
