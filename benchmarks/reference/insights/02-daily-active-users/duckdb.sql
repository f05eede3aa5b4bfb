-- answers: equal
SELECT time::DATE AS day, count(DISTINCT user_id) AS value
FROM events
WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-02'
GROUP BY day
ORDER BY day
