-- What may leave the house: the newest mentions, without what names their authors.
select
    id, said_at, heard_at, channel, source, lang, title, text,
    case when public then url end as url, followers,
    sha256(concat_ws(chr(0), $salt, channel, author_id))[:16] as author, addressed, public, rating,
    kind, kind_confidence, also, sentiment, sentiment_confidence, urgency, urgency_reason,
    answer, abuse, irony, spam, topics, theme, queries, model
from chosen
order by said_at desc, id desc
limit $limit
