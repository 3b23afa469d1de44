-- What are these mentions about? Those that nobody looked at for topics are left out.
select id, topics from mentions semi join wanted using (id)
where day >= $partition and topics is not null
