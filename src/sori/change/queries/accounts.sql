-- Which accounts say it, the newest first?
select
    channel,
    author_id,
    any_value(author_name) as author_name,
    count(*) as voices,
    min(said_at) as first,
    max(said_at) as last
from said
where author_id is not null and (public or $private)
group by channel, author_id
order by last desc, channel, author_id
limit $most
