-- What was said lately, the weightiest first: complaints, questions and ideas, newest before older?
select
    id, channel, author_id, followers, fingerprint, kind, sentiment, urgency, lang, public, said_at,
    substr(title, 1, 200) as title, substr(text, 1, 1000) as text
from (select *, coalesce(published_at, heard_at) as said_at from mentions where day >= $partition)
where said_at >= $since and said_at <= $until
order by coalesce(kind in ('complaint', 'question', 'idea'), false) desc, said_at desc, id
limit $most
