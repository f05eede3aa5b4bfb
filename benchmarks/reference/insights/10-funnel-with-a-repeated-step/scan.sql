SELECT sum(person), max(time), uniq(event)
FROM events
WHERE project_id = 'shop'
    AND time >= '2025-06-02' AND time < '2025-07-09'
    AND event IN ('add_to_cart', 'purchase')
