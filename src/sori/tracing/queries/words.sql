-- The newest mentions that say this.
select id
from mentions
where day >= $first and contains(lower(coalesce(title, '') || ' ' || text), lower($words))
order by coalesce(published_at, heard_at) desc, id desc
limit $most
