-- Of what kind and in what mood are the voices of each channel?
select
    channel,
    coalesce(kind, 'unknown') as kind,
    coalesce(sentiment, 'unknown') as sentiment,
    count(*) as voices
from mentions
where day >= $partition and coalesce(published_at, heard_at) >= $since
group by all
order by all
