-- answers: equal
-- Without the sizes of the cohorts.
WITH starts AS (
    SELECT user_id, date_trunc('week', min(time))::DATE AS cohort
    FROM events
    WHERE project_id = 'shop' AND time >= '2025-05-05' AND time < '2025-07-28' AND event = 'page_view'
    GROUP BY user_id),
returns AS (
    SELECT DISTINCT user_id, date_trunc('week', time)::DATE AS week
    FROM events
    WHERE project_id = 'shop' AND time >= '2025-05-05' AND time < '2025-07-28' AND event = 'purchase')
SELECT cohort, (week - cohort) // 7 AS period, count(*) AS value
FROM starts JOIN returns USING (user_id)
WHERE week > cohort
GROUP BY cohort, period
ORDER BY cohort, period
