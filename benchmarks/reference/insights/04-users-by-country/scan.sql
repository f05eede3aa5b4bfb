SELECT sum(person), max(time), max(`promoted_$geo~2Ecountry`.text)
FROM events
WHERE project_id = 'shop'
    AND time >= '2025-06-02' AND time < '2025-07-02'
    AND event = 'page_view'
