-- How much of each kind was said in each hour, day, week or month, now and in the time before?
-- Counted by quarters of an hour or hours first: turning each moment into local time costs more
-- than everything else together.
select
    date_trunc($unit, to_timestamp(slot * $grain) at time zone $zone) as start,
    $since is null or to_timestamp(slot * $grain) >= $since as now,
    coalesce(kind, 'unknown') as kind,
    sum(voices)::bigint as voices
from (
    select
        epoch_us(said_at) // ($grain::bigint * 1_000_000) as slot,
        kind,
        count(*) as voices
    from chosen
    group by all
)
group by all
order by all
