-- answers: within 2 %: uniq estimates
WITH top AS (
    SELECT country
    FROM peer_daily
    WHERE project_id = 'shop' AND day >= '2025-06-02' AND day < '2025-07-02' AND event = 'page_view'
    GROUP BY country
    ORDER BY uniqMerge(users) DESC, country
    LIMIT 10)
SELECT day, if(country IN top, country, 'other') AS place, uniqMerge(users) AS value
FROM peer_daily
WHERE project_id = 'shop' AND day >= '2025-06-02' AND day < '2025-07-02' AND event = 'page_view'
GROUP BY day, place
ORDER BY day, place
