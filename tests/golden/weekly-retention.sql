SELECT
    of_value,
    cohort,
    period,
    sum(of_persons) AS persons
FROM (
    SELECT
        arrayJoin([0]) AS of_value,
        cohort,
        arrayJoin(periods) AS period,
        of_persons
    FROM (
        SELECT
            *,
            arrayPushFront(arrayFilter(period -> period > cohort, bitPositionsToArray(returns)), cohort) AS periods
        FROM (
            SELECT
                cohort, returns,
                count() AS of_persons
            FROM (
                SELECT
                    min(if(is_start, period, 65535)) AS cohort,
                    groupBitOr(bitShiftLeft(toUInt64(is_return), period)) AS returns
                FROM (
                    SELECT
                        person,
                        toUnixTimestamp64Milli(time) AS at,
                        if(time >= fromUnixTimestamp64Milli({p0:Int64}, 'UTC'), toUInt16(intDiv(greatest(toUnixTimestamp64Milli(time), {p1:Int64}) - {p1:Int64}, {p2:Int64}) + 1), 0) AS period,
                        1 AS is_start,
                        0 AS is_return
                    FROM (
                        SELECT first_times.person AS person, first AS time
                        FROM first_times
                        WHERE project_id = {p3:String}
                            AND event = {p4:String}
                            AND first <= fromUnixTimestamp64Milli({p5:Int64}, 'UTC')
                        UNION ALL
                        SELECT events.person AS person, time
                        FROM events
                        WHERE project_id = {p3:String}
                            AND event = {p4:String}
                            AND (indexHint(toDate32(time) <= {p6:Date32}) AND time <= fromUnixTimestamp64Milli({p5:Int64}, 'UTC'))
                            AND events.person != 0
                            AND received_at >= (SELECT max(until) FROM first_times_until)) AS events
                    WHERE time < fromUnixTimestamp64Milli({p7:Int64}, 'UTC')
                    UNION ALL
                    SELECT
                        events.person AS person,
                        toUnixTimestamp64Milli(time) AS at,
                        toUInt16(intDiv(greatest(toUnixTimestamp64Milli(time), {p1:Int64}) - {p1:Int64}, {p2:Int64}) + 1) AS period,
                        0 AS is_start,
                        1 AS is_return
                    FROM events
                    WHERE project_id = {p3:String}
                        AND event = {p8:String}
                        AND (indexHint(toDate32(time) >= {p9:Date32}) AND time >= fromUnixTimestamp64Milli({p0:Int64}, 'UTC'))
                        AND (indexHint(toDate32(time) <= {p10:Date32}) AND time <= fromUnixTimestamp64Milli({p11:Int64}, 'UTC'))
                        AND events.person != 0)
                GROUP BY person
                HAVING min(if(is_start, period, 65535)) BETWEEN 1 AND 65534)
            GROUP BY cohort, returns)))
GROUP BY of_value, cohort, period
