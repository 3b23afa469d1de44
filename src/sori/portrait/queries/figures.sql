-- How much did they say, how far did it reach, since when?
select
    count(*) as voices,
    count(*) filter (where public) as public_voices,
    max(followers) as reach,
    min(said_at) as first,
    max(said_at) as last
from said
