-- What do the labels of these mentions of one partition read?
select id, kind, sentiment, urgency, answer, abuse
from mentions
where day = $day and list_contains($mentions, id)
