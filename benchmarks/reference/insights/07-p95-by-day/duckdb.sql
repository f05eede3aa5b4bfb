-- answers: equal
SELECT time::DATE AS day, quantile_cont(load_time, 0.95) AS value
FROM events
WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-02' AND event = 'page_view'
GROUP BY day
ORDER BY day
