-- answers: within 2 %: uniq estimates
SELECT toDate(time) AS day, uniq(user_id) AS value
FROM peer_events
WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-02'
GROUP BY day
ORDER BY day
