-- answers: within 1 %: by seconds; times are those of everybody's first events, not of the attempt that counts
-- windowFunnel tells no times and has no breakdown: three statements, put together by the server.
SELECT
    device,
    countIf(level >= 1) AS value_1, countIf(level >= 2) AS value_2, countIf(level >= 3) AS value_3,
    countIf(level >= 4) AS value_4, countIf(level >= 5) AS value_5
FROM (
    SELECT
        argMinIf(device, time, event = 'page_view') AS device,
        windowFunnel(604800)(
            toDateTime(time),
            event = 'page_view' AND time < '2025-07-02',
            event = 'product_view',
            event = 'add_to_cart',
            event = 'purchase',
            event = 'share') AS level
    FROM peer_events
    WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-09'
        AND event IN ('page_view', 'product_view', 'add_to_cart', 'purchase', 'share')
    GROUP BY user_id)
WHERE level > 0
GROUP BY device
ORDER BY device;

SELECT
    countIf(level >= 1) AS value_1, countIf(level >= 2) AS value_2, countIf(level >= 3) AS value_3,
    countIf(level >= 4) AS value_4, countIf(level >= 5) AS value_5
FROM (
    SELECT windowFunnel(604800)(
        toDateTime(time),
        event = 'page_view' AND time < '2025-07-02',
        event = 'product_view',
        event = 'add_to_cart',
        event = 'purchase',
        event = 'share') AS level
    FROM peer_events
    WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-09'
        AND event IN ('page_view', 'product_view', 'add_to_cart', 'purchase', 'share')
    GROUP BY user_id);

SELECT
    device,
    quantilesIf(0.5, 0.9, 0.95)(t2 - t1, t1 > 0 AND t2 >= t1), avgIf(t2 - t1, t1 > 0 AND t2 >= t1),
    quantilesIf(0.5, 0.9, 0.95)(t3 - t2, t2 > 0 AND t3 >= t2), avgIf(t3 - t2, t2 > 0 AND t3 >= t2),
    quantilesIf(0.5, 0.9, 0.95)(t4 - t3, t3 > 0 AND t4 >= t3), avgIf(t4 - t3, t3 > 0 AND t4 >= t3),
    quantilesIf(0.5, 0.9, 0.95)(t5 - t4, t4 > 0 AND t5 >= t4), avgIf(t5 - t4, t4 > 0 AND t5 >= t4)
FROM (
    SELECT
        argMinIf(device, time, event = 'page_view') AS device,
        minIf(toUnixTimestamp(time), event = 'page_view') AS t1,
        minIf(toUnixTimestamp(time), event = 'product_view') AS t2,
        minIf(toUnixTimestamp(time), event = 'add_to_cart') AS t3,
        minIf(toUnixTimestamp(time), event = 'purchase') AS t4,
        minIf(toUnixTimestamp(time), event = 'share') AS t5
    FROM peer_events
    WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-09'
        AND event IN ('page_view', 'product_view', 'add_to_cart', 'purchase', 'share')
    GROUP BY user_id)
GROUP BY device
