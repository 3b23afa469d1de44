-- Remember the pairs of one passage.
INSERT INTO respond_grams (tokens, rowid) VALUES (%s, %s)
