-- answers: equal
WITH active AS (
    SELECT DISTINCT time::DATE AS day, user_id
    FROM events
    WHERE project_id = 'shop' AND time >= '2025-05-27' AND time < '2025-07-02')
SELECT days.day AS day, count(DISTINCT user_id) AS value
FROM (SELECT unnest(range(DATE '2025-06-02', DATE '2025-07-02', INTERVAL 1 DAY))::DATE AS day) AS days
JOIN active ON active.day BETWEEN days.day - 6 AND days.day
GROUP BY days.day
ORDER BY days.day
