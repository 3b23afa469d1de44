-- Which models spoke since a moment, and how often?
select model, count(*) as voices
from mentions
where day >= $partition and coalesce(published_at, heard_at) >= $since and model is not null
group by model
order by voices desc
