-- What was said lately, as far as it tells copies and masses, the newest if it is too much? An account
-- is one of its channel; letters of one place are one place, however many threads they begin.
select
    id, source, channel, channel || ' ' || author_id as author_id,
    case when public then thread_id end as thread_id,
    rating, fingerprint, sketch, length(text) as size, said_at as published_at
from (select *, coalesce(published_at, heard_at) as said_at from mentions where day >= $partition)
where said_at >= $since and said_at <= $until
order by said_at desc, id
limit $most
