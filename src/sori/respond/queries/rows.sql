-- Some cases, in the order that was asked for, with everything a row of the list shows: names, how far this
-- member has read, the newest clock, and whether an answer of unclear fate is in it.
SELECT
    item.id, item.subject, item.excerpt, item.channel, item.status, item.kind, item.sentiment,
    item.urgency, item.priority, item.priority_reasons, item.opened_at, item.updated_at,
    item.newest_message, item.snoozed_until, item.person_id, item.owner_id, item.department_id,
    person.name AS who, owner.name AS owner_name, department.name AS department_name,
    reading.message AS read_up_to,
    clock.kind AS clock_kind, clock.started_at, clock.due_at, clock.limit_at, clock.stopped_at,
    clock.outcome,
    item.id IN (
        SELECT conversation.case_id
        FROM respond_message AS message
        JOIN respond_conversation AS conversation ON conversation.id = message.conversation_id
        WHERE message.state = 'unknown'
    ) AS unsettled
FROM (
    SELECT * FROM respond_case
    WHERE 1 = 1 /* which */
    ORDER BY /* order */
    LIMIT %(limit)s
) AS item
JOIN people_person AS person ON person.id = item.person_id
LEFT JOIN staff_member AS owner ON owner.id = item.owner_id
LEFT JOIN staff_department AS department ON department.id = item.department_id
LEFT JOIN respond_reading AS reading
    ON reading.member_id = %(member)s AND reading.case_id = item.id
LEFT JOIN respond_clock AS clock
    ON clock.id = (SELECT MAX(id) FROM respond_clock WHERE respond_clock.case_id = item.id)
ORDER BY /* order of items */
