-- answers: within 2 %: uniq estimates
SELECT day, uniqMerge(users) AS value
FROM peer_daily
WHERE project_id = 'shop' AND day >= '2025-06-02' AND day < '2025-07-02'
GROUP BY day
ORDER BY day
