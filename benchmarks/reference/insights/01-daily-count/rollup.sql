-- answers: equal
SELECT day, sum(events) AS value
FROM peer_daily
WHERE project_id = 'shop' AND day >= '2025-06-02' AND day < '2025-07-02' AND event = 'page_view'
GROUP BY day
ORDER BY day
