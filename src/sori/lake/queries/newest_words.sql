-- What was said since a moment, newest first, with everything a listening rule can look at?
select
    id, channel, author_id, author_name, followers, lang, title, text, url,
    coalesce(published_at, heard_at) as said_at
from mentions
where day >= $partition and coalesce(published_at, heard_at) >= $since
order by said_at desc
limit $limit
