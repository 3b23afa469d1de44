-- The newest mentions that say this, as far as whoever asks may read them.
select id
from mentions
where day >= $first and (public or $private)
    and contains(lower(coalesce(title, '') || ' ' || text), lower($words))
order by coalesce(published_at, heard_at) desc, id desc
limit $most
