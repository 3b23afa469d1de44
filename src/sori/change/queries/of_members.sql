-- Which voices are those whose ids stand in a table of ours?
select mentions.*, coalesce(published_at, heard_at) as said_at
from mentions semi join members on members.id = mentions.id
where day >= $partition
