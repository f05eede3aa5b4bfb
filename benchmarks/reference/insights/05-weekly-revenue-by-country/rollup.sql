-- answers: equal
WITH top AS (
    SELECT country
    FROM peer_daily
    WHERE project_id = 'shop' AND day >= '2025-05-05' AND day < '2025-07-28' AND event = 'purchase'
    GROUP BY country
    ORDER BY sum(amount) DESC, country
    LIMIT 10)
SELECT toMonday(day) AS week, if(country IN top, country, 'other') AS place, sum(amount) AS value
FROM peer_daily
WHERE project_id = 'shop' AND day >= '2025-05-05' AND day < '2025-07-28' AND event = 'purchase'
GROUP BY week, place
ORDER BY week, place
