-- Which voices, copies too, are of one series?
select mentions.*, coalesce(published_at, heard_at) as said_at
from mentions left join known on known.id = mentions.id
where day >= $partition
    and coalesce(published_at, heard_at) >= $since
    and coalesce(published_at, heard_at) <= $until
    and case $sort
        when 'all' then true
        when 'source' then list_contains($keys::varchar[], source::varchar)
        when 'query' then list_has_any($keys::varchar[], queries::varchar[])
        when 'topic' then list_has_any($keys::varchar[], topics)
        else list_contains(
            $keys::varchar[],
            (case when known.id is null then mentions.theme else known.theme end)::varchar
        )
    end
