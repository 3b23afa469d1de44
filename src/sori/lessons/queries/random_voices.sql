-- Some voices since a moment, each as likely to be chosen as any other?
select id, case when parent_id is null then title end as title, text, lang
from mentions
where day >= $partition and coalesce(published_at, heard_at) >= $since and text <> ''
order by hash(id || $seed)
limit $count
