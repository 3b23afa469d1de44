-- Some mentions of some days with everything that responding reads of one; see `receiving.COLUMNS`.
select
    id, source, channel, external_id, parent_id, thread_id, url, author_id, author_name, followers,
    title, text, published_at, heard_at, addressed, public, rating, reply_mode, reply_until,
    reply_address, attachments, extra, queries, kind, sentiment, urgency, answer, abuse, irony, spam
from mentions
where day >= $first and day <= $last and list_contains($ids::varchar[], id)
