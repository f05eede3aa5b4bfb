SELECT sum(person), sum(session), max(time)
FROM events
WHERE project_id = 'shop'
    AND time >= '2025-06-02' AND time < '2025-07-02'
