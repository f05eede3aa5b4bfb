SELECT sum(person), max(time)
FROM events
WHERE project_id = 'shop'
    AND time >= '2025-05-27' AND time < '2025-07-02'
