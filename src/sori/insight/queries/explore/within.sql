-- What was said in a stretch of time? What is null is not asked, and its columns are not read.
select *, coalesce(published_at, heard_at) as said_at
from mentions
where ($first_day is null or day >= $first_day)
    and ($last_day is null or day <= $last_day)
    and ($days is null or list_contains($days, day))
    and ($begin is null or coalesce(published_at, heard_at) >= $begin)
    and ($end is null or coalesce(published_at, heard_at) < $end)
