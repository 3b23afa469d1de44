-- Forget the pairs of one passage: FTS5 must be told what they were.
INSERT INTO respond_grams (respond_grams, rowid, tokens) VALUES ('delete', %s, %s)
