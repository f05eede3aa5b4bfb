SELECT
    0 AS series,
    0 AS comparison,
    bucket,
    uniqExact(person) AS result_0
FROM (
    SELECT
        0 AS series,
        0 AS comparison,
        roundDown(toUnixTimestamp64Milli(time), {p0:Array(Int64)}) AS bucket,
        nullIf(events.person, 0) AS person
    FROM events
    WHERE project_id = {p1:String}
        AND indexHint(toDate32(time) BETWEEN {p2:Date32} AND {p3:Date32})
        AND (time >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND time < fromUnixTimestamp64Milli({p5:Int64}, 'UTC'))
        AND ifNull(properties.`plan`.:String = {p6:String}, 0)
        AND event = {p7:String})
GROUP BY bucket
