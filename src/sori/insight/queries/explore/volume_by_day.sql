-- How much of each kind was said on each day of the lake?
-- What has no kind is named when all is counted: naming it row by row costs half as much again.
select day, coalesce(kind, 'unknown') as kind, sum(voices)::bigint as voices
from (select day, kind, count(*) as voices from chosen group by all)
group by all
order by all
