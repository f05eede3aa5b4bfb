-- answers: differ: one event counts for both of the equal steps
SELECT countIf(level >= 1) AS value_1, countIf(level >= 2) AS value_2, countIf(level >= 3) AS value_3
FROM (
    SELECT windowFunnel(604800)(
        toDateTime(time),
        event = 'add_to_cart' AND time < '2025-07-02',
        event = 'add_to_cart',
        event = 'purchase') AS level
    FROM peer_events
    WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-09'
        AND event IN ('add_to_cart', 'purchase')
    GROUP BY user_id)
