-- How many unsettled cases of a member hold something they have not read? Counting stops at 1,001.
SELECT COUNT(*) FROM (
    SELECT 1
    FROM respond_case AS one
    WHERE one.owner_id = %(member)s AND one.status IN ('new', 'open', 'pending', 'on_hold')
        AND NOT EXISTS (
            SELECT 1 FROM respond_reading AS seen
            WHERE seen.member_id = %(member)s AND seen.case_id = one.id
                AND seen.message >= one.newest_message
        )
    LIMIT 1001
) AS waiting
