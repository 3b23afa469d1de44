-- Which passages older than a given one hold all these pairs, newest first, and whose case are they?
SELECT passage.id, conversation.case_id
FROM respond_passage AS passage
JOIN respond_conversation AS conversation ON conversation.id = passage.conversation_id
WHERE passage.grams @@ %s::tsquery
  AND passage.id < %s /* contains */
ORDER BY passage.id DESC
LIMIT %s
