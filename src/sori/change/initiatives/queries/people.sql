-- How many of these mentions the lake still knows, and how many different accounts said them; what
-- nobody put a name to counts as an account of its own.
select
    count(*) as voices,
    count(distinct channel || chr(31) || coalesce(nullif(author_id, ''), id)) as people
from mentions
where day >= $partition and list_contains($ids::varchar[], id)
