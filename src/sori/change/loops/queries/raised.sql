-- What the lake knows of some mentions: who said them, where, in which language, and how they can be
-- answered?
select
    mentions.id, source, channel, external_id, author_id, author_name, lang, extra, spam,
    reply_mode, reply_until, reply_address,
    substr(text, 1, 400) as words,
    least(coalesce(published_at, heard_at), heard_at) as said_at
from mentions join wanted on wanted.id = mentions.id
where day >= $partition
order by said_at, mentions.id
