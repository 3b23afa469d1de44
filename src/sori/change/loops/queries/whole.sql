-- One mention with everything that receiving reads?
select * from mentions where day >= $partition and id = $id
