-- answers: equal
WITH viewed AS (
    SELECT time::DATE AS day, country, user_id
    FROM events
    WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-02' AND event = 'page_view'),
top AS (
    SELECT country FROM viewed GROUP BY country ORDER BY count(DISTINCT user_id) DESC, country LIMIT 10)
SELECT
    day,
    CASE WHEN country IN (FROM top) THEN country ELSE 'other' END AS place,
    count(DISTINCT user_id) AS value
FROM viewed
GROUP BY day, place
ORDER BY day, place
