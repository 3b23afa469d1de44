-- Of what is every voice a voice: all, its source, rules, topics, its theme or none? What one
-- author repeats within a day is one voice.
with voices as (
    select
        mentions.*,
        coalesce(published_at, heard_at) as said_at,
        case when known.id is null then mentions.theme else known.theme end as number
    from mentions left join known on known.id = mentions.id
    where day >= $partition
        and coalesce(published_at, heard_at) >= $since
        and coalesce(published_at, heard_at) < $until
    qualify row_number() over (
        partition by
            channel, coalesce(author_id, mentions.id),
            coalesce(fingerprint::varchar, mentions.id), said_at::date
        order by said_at, mentions.id
    ) = 1
),
series as (
    select 'all' as sort, '' as key, said_at from voices
    union all select 'source', source::varchar, said_at from voices
    union all select 'query', unnest(queries)::varchar, said_at from voices
    union all select 'topic', unnest(topics), said_at from voices
    union all select 'theme', number::varchar, said_at from voices where number is not null
    union all select 'none', '', said_at from voices where number is null
)
