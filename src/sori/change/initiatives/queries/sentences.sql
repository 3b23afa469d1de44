-- Some sentences by their ids, the newest first?
select
    id, channel, public, url, author_id, author_name, followers, title,
    substr(text, 1, 2000) as text, kind, sentiment, urgency,
    coalesce(published_at, heard_at) as said_at
from mentions
where day >= $partition and list_contains($ids::varchar[], id)
order by said_at desc, id desc
