-- answers: equal
SELECT toDate(time) AS day, count() AS value
FROM peer_events
WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-02' AND event = 'page_view'
GROUP BY day
ORDER BY day
