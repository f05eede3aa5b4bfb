-- answers: within 2 %: quantile estimates, from a sample of each day
SELECT toDate(time) AS day, quantile(0.95)(variantElement(properties['load_time'], 'Float64')) AS value
FROM peer_events
WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-02' AND event = 'page_view'
GROUP BY day
ORDER BY day
