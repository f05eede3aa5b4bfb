SELECT sum(person), max(time), uniq(event)
FROM events
WHERE project_id = 'shop'
    AND time >= '2025-05-05' AND time < '2025-07-28'
    AND event IN ('page_view', 'purchase')
