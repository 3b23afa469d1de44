-- Some voices since a moment, each as likely to be chosen as any other?
select id, title, text, lang
from mentions
where day >= $partition and coalesce(published_at, heard_at) >= $since and text <> ''
order by hash(id || $seed)
limit $count
