-- Which passages older than a given one hold all these pairs, newest first, and whose case are they?
SELECT passage.id, conversation.case_id
FROM respond_grams
CROSS JOIN respond_passage AS passage ON passage.id = respond_grams.rowid
CROSS JOIN respond_conversation AS conversation ON conversation.id = passage.conversation_id
WHERE respond_grams MATCH %s
  AND respond_grams.rowid < %s /* contains */
ORDER BY respond_grams.rowid DESC
LIMIT %s
