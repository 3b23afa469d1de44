-- Posts of a source, the newest first, from a place on.
select id, external_id, reply_address
from mentions
where day >= $partition and source = $source and id < $before
order by id desc
limit $most
