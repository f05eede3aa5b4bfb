-- answers: equal
SELECT variantElement(properties['coupon'], 'String') AS coupon, count() AS value
FROM peer_events
WHERE project_id = 'shop' AND time >= '2025-05-05' AND time < '2025-07-28'
    AND mapContains(properties, 'coupon')
GROUP BY coupon
ORDER BY value DESC, coupon
LIMIT 20
