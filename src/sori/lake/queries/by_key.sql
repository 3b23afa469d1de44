-- The mentions with these keys (mention.mention_key), and the files that came with them.
select id, title, text, attachments
from mentions
where list_contains($keys, substr(id, 9))
