-- What do some of the mentions say, drawn by lot? (How many must be written out: it cannot be bound.)
select coalesce(title, '') as title, text
from chosen
using sample reservoir(1200 rows) repeatable (7)
