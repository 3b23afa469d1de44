-- Who carries it: whose voices reach most people?
select
    channel,
    author_id,
    any_value(author_name) as author_name,
    max(followers) as followers,
    count(*) as voices,
    max(said_at) as last
from said
where author_id is not null and (public or $private)
group by channel, author_id
order by followers desc nulls last, voices desc, last desc
limit $most
