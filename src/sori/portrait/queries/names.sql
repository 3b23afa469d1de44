-- Under which names do their mentions and the files that came with them lie?
select id, [one.digest for one in coalesce(attachments, [])] as files from said
