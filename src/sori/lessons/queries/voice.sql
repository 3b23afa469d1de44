-- What was said in one mention, and what its labels read? The title of an answer is that of what it
-- answers, and is read by no model.
select
    id, channel, author_id, case when parent_id is null then title end as title, text, lang,
    coalesce(published_at, heard_at) as said_at, model,
    kind, kind_confidence, also, sentiment, sentiment_confidence, urgency, urgency_confidence,
    answer, answer_confidence, abuse, abuse_confidence, irony, irony_confidence,
    spam, spam_confidence, topics
from mentions
where day = $day and id = $mention
limit 1
