-- What is a surge made of, in order of time?
select
    id, source, channel, author_id, urgency, kind, fingerprint, sketch, length(text) as size,
    said_at
from said
order by said_at, id
limit $most
