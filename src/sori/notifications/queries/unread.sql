-- How much has a member been told and not read, what belongs together as one? Counting stops at 100.
SELECT COUNT(*) FROM (
    SELECT 1
    FROM notifications_notification
    WHERE member_id = %(member)s AND read_at IS NULL
    GROUP BY about, occasion
    LIMIT 100
) AS told
