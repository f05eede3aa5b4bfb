-- answers: equal
SELECT toDate(time) AS day, count() AS value
FROM peer_events
WHERE project_id = 'shop' AND time >= '2025-05-05' AND time < '2025-07-28'
    AND variantElement(properties['plan'], 'String') = 'pro'
GROUP BY day
ORDER BY day
