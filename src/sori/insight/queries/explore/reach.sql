-- Which mentions come next in the list of those with most followers?
select id, coalesce(followers, -1) as rank
from chosen
where $rank is null or (coalesce(followers, -1), id) < ($rank, $id)
order by rank desc, id desc
limit $limit
