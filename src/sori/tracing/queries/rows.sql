-- What tracing asks of some mentions of some days, in the order of their ids; a theme is that of the
-- newest run where it has read them, else their own column.
select
    mentions.id, source, channel, external_id, parent_id, thread_id, author_id, followers,
    published_at, heard_at, addressed, public, rating, reply_mode, extra, queries, kind, also,
    urgency, answer, irony, spam,
    case when known.id is null then mentions.theme else known.theme end as theme
from mentions left join known on known.id = mentions.id
where day >= $first and day <= $last and mentions.id > $after
    and ($ids is null or list_contains($ids::varchar[], mentions.id))
order by mentions.id
limit $most
