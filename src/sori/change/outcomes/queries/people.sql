-- How many accounts spoke between two moments, and how many of them of some themes? And how many
-- voices of those themes are known here?
select
    count(distinct (channel, author_id)) filter (author_id is not null) as active,
    count(distinct (channel, author_id)) filter (author_id is not null and ours) as raised,
    count(*) filter (ours) as voices
from (
    select
        channel,
        author_id,
        coalesce(list_contains(
            $themes::bigint[], case when known.id is null then mentions.theme else known.theme end
        ), false) as ours
    from mentions left join known on known.id = mentions.id
    where day >= $partition
        and coalesce(published_at, heard_at) >= $since
        and coalesce(published_at, heard_at) < $until
)
