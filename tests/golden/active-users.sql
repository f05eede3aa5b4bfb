SELECT
    0 AS series,
    0 AS comparison,
    bucket,
    uniqExact(person) AS result_0
FROM (
    SELECT
        0 AS series,
        0 AS comparison,
        toUnixTimestamp64Milli(time) - (toUnixTimestamp64Milli(time) - {p0:Int64}) % {p1:Int64} AS bucket,
        nullIf(events.person, 0) AS person
    FROM (
        SELECT person, hour AS time
        FROM active_hours
        WHERE project_id = {p2:String}
            AND hour >= fromUnixTimestamp64Milli({p0:Int64}, 'UTC')
            AND hour < fromUnixTimestamp64Milli({p3:Int64}, 'UTC')
        UNION ALL
        SELECT person, time
        FROM events
        WHERE project_id = {p2:String}
            AND received_at >= (SELECT max(until) FROM active_hours_until)
            AND time >= fromUnixTimestamp64Milli({p0:Int64}, 'UTC')
            AND time < fromUnixTimestamp64Milli({p4:Int64}, 'UTC')
            AND events.person != 0) AS events
    WHERE (time >= fromUnixTimestamp64Milli({p0:Int64}, 'UTC') AND time < fromUnixTimestamp64Milli({p4:Int64}, 'UTC')))
GROUP BY bucket
