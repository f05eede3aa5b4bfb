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
    FROM events
    WHERE project_id = {p2:String}
        AND indexHint(toDate32(time) BETWEEN {p3:Date32} AND {p4:Date32})
        AND (time >= fromUnixTimestamp64Milli({p0:Int64}, 'UTC') AND time < fromUnixTimestamp64Milli({p5:Int64}, 'UTC'))
        AND ifNull(properties.`plan`.:String = {p6:String}, 0)
        AND event = {p7:String})
GROUP BY bucket
