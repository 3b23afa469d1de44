-- The newest of these voices, a page at a time; or the one with an id?
select
    id, number, channel, public, url, author_id, author_name, followers, title,
    substr(text, 1, 2000) as text, kind, sentiment, urgency, said_at
from said
where (public or $private)
    and ($mention is null or id = $mention)
    and ($before is null or (said_at, id) < ($before::timestamptz, $before_id))
order by said_at desc, id desc
limit $most
