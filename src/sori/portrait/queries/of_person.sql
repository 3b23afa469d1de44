-- Which mentions are somebody's? Those of their accounts, and those that the desk knows to be theirs.
select *, least(coalesce(published_at, heard_at), heard_at) as said_at
from mentions
where (channel, author_id) in (select (channel, author_id) from accounts)
or id in (select id from known)
