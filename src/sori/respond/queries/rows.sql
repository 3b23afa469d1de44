-- Some cases, in the order that was asked for, with everything a row of the list shows: names, how
-- far this member has read, its tags, the clock that runs out first (else the newest), and whether an answer of
-- unclear fate is in it.
SELECT
    item.id, item.subject, item.excerpt, item.channel, item.status, item.kind, item.sentiment,
    item.urgency, item.priority, item.priority_reasons, item.opened_at, item.updated_at,
    item.newest_message, item.snoozed_until, item.joined_into_id, item.person_id, item.owner_id, item.department_id, item.team_id,
    person.name AS who, owner.name AS owner_name, department.name AS department_name, team.name AS team_name,
    reading.message AS read_up_to,
    clock.kind AS clock_kind, clock.started_at, clock.soon_at, clock.due_at, clock.limit_at,
    clock.paused_at, clock.stopped_at, clock.outcome, clock.silence,
    reminder.escalated_at,
    item.id IN (
        SELECT conversation.case_id
        FROM respond_message AS message
        JOIN respond_conversation AS conversation ON conversation.id = message.conversation_id
        WHERE message.state = 'unknown'
    ) AS unsettled,
    (
        SELECT /* joined */(tag.id || ':' || tag.colour || ':' || tag.name, ',')
        FROM respond_casetag AS carried
        JOIN respond_tag AS tag ON tag.id = carried.tag_id
        WHERE carried.case_id = item.id
    ) AS tags
FROM (
    SELECT * FROM respond_case
    WHERE 1 = 1 /* which */
    ORDER BY /* order */
    LIMIT %(limit)s
) AS item
JOIN people_person AS person ON person.id = item.person_id
LEFT JOIN staff_member AS owner ON owner.id = item.owner_id
LEFT JOIN staff_department AS department ON department.id = item.department_id
LEFT JOIN staff_team AS team ON team.id = item.team_id
LEFT JOIN respond_reading AS reading
    ON reading.member_id = %(member)s AND reading.case_id = item.id
LEFT JOIN respond_clock AS clock
    ON clock.id = (
        SELECT one.id FROM respond_clock AS one
        WHERE one.case_id = item.id AND one.outcome <> 'aside'
        ORDER BY
            CASE WHEN one.outcome <> 'running' THEN 2 WHEN one.paused_at IS NULL THEN 0 ELSE 1 END,
            CASE WHEN one.outcome = 'running' THEN one.due_at END,
            CASE WHEN one.kind IN ('first_response', 'next_response') THEN 0 ELSE 1 END,
            one.id DESC
        LIMIT 1
    )
LEFT JOIN respond_reminder AS reminder
    ON reminder.clock_id = clock.id AND clock.outcome = 'running'
ORDER BY /* order of items */
