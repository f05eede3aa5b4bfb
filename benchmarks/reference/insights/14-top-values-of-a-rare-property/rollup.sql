-- answers: equal
SELECT coupon, sum(events) AS value
FROM peer_daily
WHERE project_id = 'shop' AND day >= '2025-05-05' AND day < '2025-07-28' AND coupon != ''
GROUP BY coupon
ORDER BY value DESC, coupon
LIMIT 20
