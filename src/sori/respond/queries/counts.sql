-- How many cases each tab of the inbox shows; counting stops at 1,001, also within each half of a union,
-- which would otherwise be put together whole first.
SELECT
    (SELECT COUNT(*) FROM (
        SELECT case_id FROM (
            SELECT DISTINCT case_id FROM respond_clock
            WHERE outcome = 'running' AND paused_at IS NULL AND soon_at <= %(now)s
            LIMIT 1001
        ) AS late
        UNION
        SELECT case_id FROM (
            SELECT DISTINCT case_id FROM respond_decision
            WHERE reviewed_at IS NULL AND review_on <= %(today)s
            LIMIT 1001
        ) AS to_review
        LIMIT 1001
    ) AS due),
    (SELECT COUNT(*) FROM (
        SELECT 1 FROM respond_case
        WHERE owner_id = %(member)s AND status IN ('new', 'open', 'pending', 'on_hold')
            AND snoozed_until IS NULL
        LIMIT 1001
    ) AS mine),
    (SELECT COUNT(*) FROM (
        SELECT 1 FROM respond_case
        WHERE owner_id IS NULL AND status IN ('new', 'open', 'pending', 'on_hold')
            AND snoozed_until IS NULL
        LIMIT 1001
    ) AS unassigned),
    (SELECT COUNT(*) FROM (
        SELECT 1 FROM respond_case
        WHERE status IN ('new', 'open', 'pending', 'on_hold')
            AND snoozed_until IS NULL
        LIMIT 1001
    ) AS open),
    (SELECT COUNT(*) FROM (
        SELECT DISTINCT conversation.case_id
        FROM respond_message AS message
        JOIN respond_conversation AS conversation ON conversation.id = message.conversation_id
        WHERE message.state = 'unknown' LIMIT 1001
    ) AS unsettled),
    (SELECT COUNT(*) FROM (
        SELECT 1 FROM respond_case WHERE snoozed_until IS NOT NULL LIMIT 1001
    ) AS snoozed),
    (SELECT COUNT(*) FROM (
        SELECT 1 FROM respond_case WHERE status IN ('resolved', 'closed') AND COALESCE(joined_into_id, 0) = 0 LIMIT 1001
    ) AS resolved)
