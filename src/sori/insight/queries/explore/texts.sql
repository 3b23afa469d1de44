-- What do some of the mentions say, drawn by lot? (How many must be written out: it cannot be bound.)
select coalesce(title, '') as title, text
from chosen
using sample reservoir(1500 rows) repeatable (7)
