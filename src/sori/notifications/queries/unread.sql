-- How much has a member been told and not read, what belongs together as one, and which is the
-- newest of it? Counting stops at 100.
SELECT COUNT(*), COALESCE(MAX(newest), 0) FROM (
    SELECT MAX(id) AS newest
    FROM notifications_notification
    WHERE member_id = %(member)s AND read_at IS NULL
    GROUP BY about, occasion
    ORDER BY MAX(id) DESC
    LIMIT 100
) AS told
