-- answers: within 2 %: of sessions over a bound of the range only the events within it are seen
SELECT began::DATE AS day, count(*) AS value_1, avg((events = 1)::INT) AS value_2
FROM (
    SELECT min(time) AS began, count(*) AS events
    FROM events
    WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-02'
    GROUP BY session_id)
GROUP BY day
ORDER BY day
