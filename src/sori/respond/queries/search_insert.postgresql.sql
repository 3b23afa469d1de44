-- Remember the pairs of one passage.
UPDATE respond_passage SET grams = array_to_tsvector(%s) WHERE id = %s
