-- The theme of each of these mentions: by the newest run where it has read them, else by their own
-- column.
select
    mentions.id,
    case when known.id is null then mentions.theme else known.theme end as theme
from mentions left join known on known.id = mentions.id
where day >= $partition and list_contains($ids::varchar[], mentions.id)
