-- answers: equal
SELECT time::DATE AS day, count(*) AS value
FROM events
WHERE project_id = 'shop' AND time >= '2025-05-05' AND time < '2025-07-28' AND plan = 'pro'
GROUP BY day
ORDER BY day
