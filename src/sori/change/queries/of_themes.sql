-- Which voices belong to some themes: by the newest run where it has read them, else by their own
-- column, and over both by what people said?
select
    mentions.*,
    coalesce(published_at, heard_at) as said_at,
    case
        when list_contains($home::varchar[], mentions.id) then $themes[1]
        when known.id is null then mentions.theme
        else known.theme
    end as number
from mentions left join known on known.id = mentions.id
where day >= $partition
    and coalesce(published_at, heard_at) >= $since
    and (
        list_contains($home::varchar[], mentions.id)
        or (
            list_contains(
                $themes::bigint[], case when known.id is null then mentions.theme else known.theme end
            )
            and not list_contains($away::varchar[], mentions.id)
        )
    )
