SELECT
    step.1 AS bucket,
    count() AS active,
    countIf(is_seen) AS seen,
    countIf(is_seen AND step.2 = 0) AS new_users,
    countIf(is_seen AND step.2 = step.1 - 1) AS returning
FROM (
    SELECT
        arrayJoin(arrayZip(buckets, arrayPopBack(arrayPushFront(buckets, 0)))) AS step,
        step.1 != 3 OR is_in_first AS is_seen
    FROM (
        SELECT
            bitPositionsToArray(groupBitOr(bitShiftLeft(toUInt64(1), bucket))) AS buckets,
            max(time >= fromUnixTimestamp64Milli({p0:Int64}, 'UTC') AND time < fromUnixTimestamp64Milli({p1:Int64}, 'UTC')) AS is_in_first
        FROM (
            SELECT
                events.person AS person,
                time,
                toUInt16(multiIf(toUnixTimestamp64Milli(time) < {p2:Int64}, intDiv(greatest(toUnixTimestamp64Milli(time), {p3:Int64}) - {p3:Int64}, {p4:Int64}) + 1, intDiv(toUnixTimestamp64Milli(time) - {p2:Int64}, {p5:Int64}) + 2)) AS bucket
            FROM events
            WHERE project_id = {p6:String}
                AND time <= fromUnixTimestamp64Milli({p7:Int64}, 'UTC')
                AND events.person != 0
                AND event = {p8:String})
        GROUP BY person))
GROUP BY bucket
