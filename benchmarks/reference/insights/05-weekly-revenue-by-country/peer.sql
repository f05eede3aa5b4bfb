-- answers: equal
WITH top AS (
    SELECT country
    FROM peer_events
    WHERE project_id = 'shop' AND time >= '2025-05-05' AND time < '2025-07-28' AND event = 'purchase'
    GROUP BY country
    ORDER BY sum(variantElement(properties['amount'], 'Float64')) DESC, country
    LIMIT 10)
SELECT
    toMonday(time) AS week,
    if(country IN top, country, 'other') AS place,
    sum(variantElement(properties['amount'], 'Float64')) AS value
FROM peer_events
WHERE project_id = 'shop' AND time >= '2025-05-05' AND time < '2025-07-28' AND event = 'purchase'
GROUP BY week, place
ORDER BY week, place
