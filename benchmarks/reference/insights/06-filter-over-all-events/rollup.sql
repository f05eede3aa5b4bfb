-- answers: equal
SELECT day, sum(events) AS value
FROM peer_daily
WHERE project_id = 'shop' AND day >= '2025-05-05' AND day < '2025-07-28' AND plan = 'pro'
GROUP BY day
ORDER BY day
