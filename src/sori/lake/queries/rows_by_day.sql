-- How many mentions lie in each partition between two?
select day, count(*) as voices
from mentions
where day between $since and $until
group by day
order by day
