-- How often, and how sure, did a model say what of each label in each week?
select week, label, value, least(floor(sure * 10), 9)::int as band, count(*) as voices
from (
    select
        date_trunc('week', coalesce(published_at, heard_at) at time zone $zone)::date as week,
        unnest(['kind', 'sentiment', 'urgency', 'answer']) as label,
        unnest([kind, sentiment, urgency::varchar, answer::varchar]) as value,
        unnest(
            [kind_confidence, sentiment_confidence, urgency_confidence, answer_confidence]
        ) as sure
    from mentions
    where day >= $partition and coalesce(published_at, heard_at) >= $since and model = $model
)
group by all
order by all
