-- answers: equal
WITH steps AS (
    SELECT user_id, time, event, device
    FROM events
    WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-09'
        AND event IN ('page_view', 'product_view', 'add_to_cart', 'purchase', 'share')),
entered AS (
    SELECT user_id, device, time AS t1
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
reached_4 AS (
    SELECT reached_3.*, next.time AS t4
    FROM reached_3
    ASOF LEFT JOIN (SELECT user_id, time FROM steps WHERE event = 'purchase') AS next
        ON reached_3.user_id = next.user_id AND reached_3.t3 <= next.time),
reached_5 AS (
    SELECT reached_4.*, next.time AS t5
    FROM reached_4
    ASOF LEFT JOIN (SELECT user_id, time FROM steps WHERE event = 'share') AS next
        ON reached_4.user_id = next.user_id AND reached_4.t4 <= next.time),
attempts AS (
    SELECT *,
        1
        + coalesce(t2 <= t1 + INTERVAL 7 DAY, false)::INT
        + coalesce(t3 <= t1 + INTERVAL 7 DAY, false)::INT
        + coalesce(t4 <= t1 + INTERVAL 7 DAY, false)::INT
        + coalesce(t5 <= t1 + INTERVAL 7 DAY, false)::INT AS level
    FROM reached_5),
counted AS (SELECT DISTINCT ON (user_id) * FROM attempts ORDER BY user_id, level DESC, t1)
SELECT
    device,
    count(*) FILTER (level >= 1) AS value_1,
    count(*) FILTER (level >= 2) AS value_2,
    count(*) FILTER (level >= 3) AS value_3,
    count(*) FILTER (level >= 4) AS value_4,
    count(*) FILTER (level >= 5) AS value_5,
    quantile_cont(epoch(t2 - t1), [0.5, 0.9, 0.95]) FILTER (level >= 2) AS times_2,
    quantile_cont(epoch(t3 - t2), [0.5, 0.9, 0.95]) FILTER (level >= 3) AS times_3,
    quantile_cont(epoch(t4 - t3), [0.5, 0.9, 0.95]) FILTER (level >= 4) AS times_4,
    quantile_cont(epoch(t5 - t4), [0.5, 0.9, 0.95]) FILTER (level >= 5) AS times_5,
    avg(epoch(t2 - t1)) FILTER (level >= 2) AS average_2,
    avg(epoch(t3 - t2)) FILTER (level >= 3) AS average_3,
    avg(epoch(t4 - t3)) FILTER (level >= 4) AS average_4,
    avg(epoch(t5 - t4)) FILTER (level >= 5) AS average_5
FROM counted
GROUP BY device
ORDER BY device
