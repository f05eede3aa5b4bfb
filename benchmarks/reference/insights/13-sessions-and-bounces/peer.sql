-- answers: within 2 %: of sessions over a bound of the range only the events within it are seen
SELECT toDate(began) AS day, count() AS value_1, countIf(events = 1) / count() AS value_2
FROM (
    SELECT session_id, min(time) AS began, count() AS events
    FROM peer_events
    WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-02'
    GROUP BY session_id)
GROUP BY day
ORDER BY day
