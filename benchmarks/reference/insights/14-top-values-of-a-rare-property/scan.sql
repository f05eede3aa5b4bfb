SELECT max(time), max(`promoted_coupon`.text)
FROM events
WHERE project_id = 'shop'
    AND time >= '2025-05-05' AND time < '2025-07-28'
