-- answers: equal
WITH steps AS (
    SELECT user_id, time, event
    FROM events
    WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-09'
        AND event IN ('page_view', 'product_view', 'add_to_cart')),
entered AS (
    SELECT user_id, time AS t1
    FROM steps
    WHERE event = 'page_view' AND time < '2025-07-02'),
reached_2 AS (
    SELECT entered.*, next.time AS t2
    FROM entered
    ASOF LEFT JOIN (SELECT user_id, time FROM steps WHERE event = 'product_view') AS next
        ON entered.user_id = next.user_id AND entered.t1 <= next.time),
reached_3 AS (
    SELECT reached_2.*, next.time AS t3
    FROM reached_2
    ASOF LEFT JOIN (SELECT user_id, time FROM steps WHERE event = 'add_to_cart') AS next
        ON reached_2.user_id = next.user_id AND reached_2.t2 <= next.time),
attempts AS (
    SELECT *,
        1
        + coalesce(t2 <= t1 + INTERVAL 7 DAY, false)::INT
        + coalesce(t3 <= t1 + INTERVAL 7 DAY, false)::INT AS level
    FROM reached_3)
SELECT
    count(*) FILTER (level >= 1) AS value_1,
    count(*) FILTER (level >= 2) AS value_2,
    count(*) FILTER (level >= 3) AS value_3
FROM (SELECT user_id, max(level) AS level FROM attempts GROUP BY user_id)
