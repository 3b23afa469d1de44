-- How often was anything asked in each hour (counted from $since), and how often what a notice
-- answers? What one author repeats within a day is asked once.
with asked as (
    select
        mentions.*,
        coalesce(published_at, heard_at) as said_at,
        (case when known.id is null then mentions.theme else known.theme end)::varchar as number
    from mentions left join known on known.id = mentions.id
    where day >= $partition
        and coalesce(published_at, heard_at) >= $since
        and coalesce(published_at, heard_at) < $until
        and kind in ('question', 'complaint')
    qualify row_number() over (
        partition by
            channel, coalesce(author_id, mentions.id),
            coalesce(fingerprint::varchar, mentions.id), said_at::date
        order by said_at, mentions.id
    ) = 1
)
select
    (epoch(said_at) - epoch($since::timestamptz))::bigint // 3600 as hour,
    count(*) as everything,
    count(*) filter (
        case $sort
            when 'all' then true
            when 'source' then list_contains($keys::varchar[], source::varchar)
            when 'query' then list_has_any($keys::varchar[], queries::varchar[])
            when 'topic' then list_has_any($keys::varchar[], topics)
            else list_contains($keys::varchar[], number)
        end
    ) as about
from asked
group by all
order by all
