-- answers: within 2 %: uniq estimates
SELECT days.day AS day, uniqMerge(users) AS value
FROM (SELECT toDate('2025-06-02') + number AS day FROM numbers(30)) AS days
CROSS JOIN (
    SELECT day AS active, uniqMergeState(users) AS users
    FROM peer_daily
    WHERE project_id = 'shop' AND day >= '2025-05-27' AND day < '2025-07-02'
    GROUP BY active) AS daily
WHERE active <= day AND active >= day - 6
GROUP BY day
ORDER BY day
