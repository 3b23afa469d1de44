-- How much was said lately, and how much of it was heard since the last run?
select count(*) as voices, count(*) filter (heard_at > $last) as fresh
from (select heard_at, coalesce(published_at, heard_at) as said_at from mentions where day >= $partition)
where said_at >= $since and said_at <= $until
