-- answers: within 1 %: by seconds, so that steps of one second count in any order
SELECT countIf(level >= 1) AS value_1, countIf(level >= 2) AS value_2, countIf(level >= 3) AS value_3
FROM (
    SELECT windowFunnel(604800)(
        toDateTime(time),
        event = 'page_view' AND time < '2025-07-02',
        event = 'product_view',
        event = 'add_to_cart') AS level
    FROM peer_events
    WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-09'
        AND event IN ('page_view', 'product_view', 'add_to_cart')
    GROUP BY user_id)
