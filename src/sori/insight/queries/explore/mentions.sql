-- What is known of these mentions?
select
    id, channel, source, url, author_id, author_name, followers, title, text, parent_id, public,
    coalesce(published_at, heard_at) as said_at, queries, lang, kind, kind_confidence, sentiment,
    urgency, answer, abuse, irony, spam, topics, theme
from mentions
where list_contains($days, day) and list_contains($ids, id)
