SELECT sum(properties.`amount`.:Float64), max(time), max(`promoted_$geo~2Ecountry`.text)
FROM events
WHERE project_id = 'shop'
    AND time >= '2025-05-05' AND time < '2025-07-28'
    AND event = 'purchase'
