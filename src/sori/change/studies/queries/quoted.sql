-- The words of some mentions.
select id, channel, url, public, text, coalesce(published_at, heard_at) as said_at
from mentions
where day >= $first_day and list_contains($ids, id) and (public or $private)
