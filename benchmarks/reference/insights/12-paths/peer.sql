-- answers: differ: the largest 20 links of each step, without a rest
SELECT step, source, target, count() AS value
FROM (
    SELECT arrayMap(each -> each.2, arraySort(groupArray((time, event)))) AS walk
    FROM peer_events
    WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-02'
    GROUP BY session_id)
ARRAY JOIN
    arrayEnumerate(arrayPopBack(walk)) AS step,
    arrayPopBack(walk) AS source,
    arrayPopFront(walk) AS target
WHERE step <= 4
GROUP BY step, source, target
ORDER BY step, value DESC
LIMIT 20 BY step
