SELECT max(time), sum(properties.`load_time`.:Float64)
FROM events
WHERE project_id = 'shop'
    AND time >= '2025-06-02' AND time < '2025-07-02'
    AND event = 'page_view'
