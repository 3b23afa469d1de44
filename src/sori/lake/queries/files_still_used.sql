-- Which of these files came with a mention that is still there?
select distinct one.digest as digest
from (select unnest(attachments) as one from mentions where attachments is not null)
where list_contains($digests, one.digest)
