-- What waits in each department, and how long it took to answer what others asked of it.
-- A time is the middle one, or the mean of the middle two; nine in ten took no longer than `slow`.
WITH ended AS (
    SELECT department_id, took,
        ROW_NUMBER() OVER (PARTITION BY department_id ORDER BY took) AS place,
        COUNT(*) OVER (PARTITION BY department_id) AS many
    FROM teamwork_task
    WHERE ended_at >= %(since)s AND took IS NOT NULL
),
times AS (
    SELECT department_id, MAX(many) AS answered,
        AVG(CASE WHEN place IN ((many + 1) / 2, (many + 2) / 2) THEN took END) AS median,
        MIN(CASE WHEN place * 10 >= many * 9 THEN took END) AS slow
    FROM ended GROUP BY department_id
),
waiting AS (
    SELECT department_id, COUNT(*) AS waiting, MIN(asked_at) AS oldest,
        SUM(CASE WHEN answer_by < %(now)s THEN 1 ELSE 0 END) AS late
    FROM teamwork_task WHERE status IN ('open', 'taken') GROUP BY department_id
),
broken AS (
    SELECT matter.department_id,
        COUNT(DISTINCT CASE WHEN clock.kind IN ('first_response', 'next_response')
            THEN matter.id END) AS silent,
        COUNT(DISTINCT CASE WHEN clock.kind = 'promise' THEN matter.id END) AS promises
    FROM respond_clock AS clock JOIN respond_case AS matter ON matter.id = clock.case_id
    WHERE clock.outcome = 'running' AND clock.paused_at IS NULL AND clock.due_at < %(now)s
    GROUP BY matter.department_id
)
SELECT department.id, department.name,
    COALESCE(waiting.waiting, 0) AS waiting, COALESCE(waiting.late, 0) AS late, waiting.oldest,
    COALESCE(times.answered, 0) AS answered, times.median, times.slow,
    COALESCE(broken.silent, 0) AS silent, COALESCE(broken.promises, 0) AS promises
FROM staff_department AS department
LEFT JOIN waiting ON waiting.department_id = department.id
LEFT JOIN times ON times.department_id = department.id
LEFT JOIN broken ON broken.department_id = department.id
ORDER BY late DESC, waiting DESC, silent DESC, department.name
