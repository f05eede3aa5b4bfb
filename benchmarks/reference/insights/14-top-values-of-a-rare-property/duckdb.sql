-- answers: equal
SELECT coupon, count(*) AS value
FROM events
WHERE project_id = 'shop' AND time >= '2025-05-05' AND time < '2025-07-28' AND coupon IS NOT NULL
GROUP BY coupon
ORDER BY value DESC, coupon
LIMIT 20
