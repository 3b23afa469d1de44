-- All that is held of what they said; the vectors and fingerprints only repeat the words.
select * exclude (vector, sketch, fingerprint, said_at, day) from said order by said_at, id
