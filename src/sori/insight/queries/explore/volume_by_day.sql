-- How much of each kind was said on each day of the lake?
select day, coalesce(kind, 'unknown') as kind, count(*) as voices
from chosen
group by all
order by all
