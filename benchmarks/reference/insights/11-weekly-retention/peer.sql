-- answers: within 2 %: uniq estimates
-- Without the sizes of the cohorts.
SELECT cohort, dateDiff('week', cohort, week, 'UTC') AS period, uniq(user_id) AS value
FROM (
    SELECT user_id, min(toMonday(time)) AS cohort
    FROM peer_events
    WHERE project_id = 'shop' AND time >= '2025-05-05' AND time < '2025-07-28' AND event = 'page_view'
    GROUP BY user_id) AS starts
INNER JOIN (
    SELECT DISTINCT user_id, toMonday(time) AS week
    FROM peer_events
    WHERE project_id = 'shop' AND time >= '2025-05-05' AND time < '2025-07-28' AND event = 'purchase') AS returns USING user_id
WHERE week > cohort
GROUP BY cohort, period
ORDER BY cohort, period
