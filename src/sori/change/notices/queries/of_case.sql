-- Which listening rules and topics have these mentions?
select queries, topics from mentions where day >= $partition and list_contains($ids, id)
