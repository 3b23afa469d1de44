-- The first of these voices?
select
    id, null::bigint as number, channel, public, url, author_id, author_name, followers, title,
    substr(text, 1, 2000) as text, kind, sentiment, urgency, said_at
from said
where public or $private
order by said_at, id
limit $most
