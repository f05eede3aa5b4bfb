-- answers: equal
WITH bought AS (
    SELECT date_trunc('week', time)::DATE AS week, country, amount
    FROM events
    WHERE project_id = 'shop' AND time >= '2025-05-05' AND time < '2025-07-28' AND event = 'purchase'),
top AS (
    SELECT country FROM bought GROUP BY country ORDER BY sum(amount) DESC, country LIMIT 10)
SELECT
    week,
    CASE WHEN country IN (FROM top) THEN country ELSE 'other' END AS place,
    sum(amount) AS value
FROM bought
GROUP BY week, place
ORDER BY week, place
