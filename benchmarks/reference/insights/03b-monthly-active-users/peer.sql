-- answers: within 2 %: uniq estimates
SELECT days.day AS day, uniq(user_id) AS value
FROM (SELECT toDate('2025-06-02') + number AS day FROM numbers(30)) AS days
CROSS JOIN (
    SELECT toDate(time) AS active, user_id
    FROM peer_events
    WHERE project_id = 'shop' AND time >= '2025-05-04' AND time < '2025-07-02'
    GROUP BY active, user_id) AS users
WHERE active <= day AND active >= day - 29
GROUP BY day
ORDER BY day
