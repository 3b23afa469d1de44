-- In what mood did they speak, month by month?
select
    strftime(said_at at time zone $zone, '%Y-%m') as month,
    coalesce(sentiment, '') as sentiment,
    count(*) as voices
from said
where said_at >= $since
group by all
order by month
