-- How many voices were heard on each day in each channel? What one author repeats on a day is one.
select day, channel, count(*) as voices
from (
    select
        channel,
        (coalesce(published_at, heard_at) at time zone $zone)::date as day,
        coalesce(author_id, id) as author,
        coalesce(fingerprint::varchar, id) as words
    from mentions
    where day >= $partition
        and coalesce(published_at, heard_at) >= $since
        and coalesce(published_at, heard_at) < $until
    group by all
)
group by all
