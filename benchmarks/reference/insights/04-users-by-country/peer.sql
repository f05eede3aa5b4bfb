-- answers: within 2 %: uniq estimates
WITH top AS (
    SELECT country
    FROM peer_events
    WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-02' AND event = 'page_view'
    GROUP BY country
    ORDER BY uniq(user_id) DESC, country
    LIMIT 10)
SELECT toDate(time) AS day, if(country IN top, country, 'other') AS place, uniq(user_id) AS value
FROM peer_events
WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-02' AND event = 'page_view'
GROUP BY day, place
ORDER BY day, place
