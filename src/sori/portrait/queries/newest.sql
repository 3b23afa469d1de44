-- What did they say before a moment, the newest first?
select id, source, channel, title, text, url, public, addressed, kind, sentiment, urgency, said_at
from said
where $before is null or (said_at, id) < ($before, $before_id)
order by said_at desc, id desc
limit $most
