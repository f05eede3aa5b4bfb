SELECT sum(person), max(time), uniq(event), max(`promoted_$device`.text)
FROM events
WHERE project_id = 'shop'
    AND time >= '2025-06-02' AND time < '2025-07-09'
    AND event IN ('page_view', 'product_view', 'add_to_cart', 'purchase', 'share')
