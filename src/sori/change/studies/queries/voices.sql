-- What was said in some days, with all that a rule looks at and all that a study counts?
select
    mentions.id, channel, author_id, author_name, followers, lang, title, text, public, kind,
    topics, units,
    (coalesce(published_at, heard_at) at time zone $zone)::date::varchar as day,
    case when known.id is null then mentions.theme else known.theme end as theme
from mentions left join known on known.id = mentions.id
where mentions.day >= $first_day and mentions.day <= $last_day
    and coalesce(published_at, heard_at) >= $begin
    and coalesce(published_at, heard_at) < $end
    and not coalesce(spam, false)
