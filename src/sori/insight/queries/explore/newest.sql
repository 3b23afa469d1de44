-- Which mentions come next in the list of the newest?
select id, epoch_us(said_at) as rank
from chosen
where $rank is null or (epoch_us(said_at), id) < ($rank, $id)
order by rank desc, id desc
limit $limit
