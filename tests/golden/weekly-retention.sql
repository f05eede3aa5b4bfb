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
                        events.person AS person,
                        toUnixTimestamp64Milli(time) AS at,
                        if(time >= fromUnixTimestamp64Milli({p0:Int64}, 'UTC'), toUInt16(intDiv(greatest(toUnixTimestamp64Milli(time), {p1:Int64}) - {p1:Int64}, {p2:Int64}) + 1), 0) AS period,
                        event = {p3:String} AS is_start,
                        (time >= fromUnixTimestamp64Milli({p0:Int64}, 'UTC') AND event = {p4:String}) AS is_return
                    FROM events
                    WHERE project_id = {p5:String}
                        AND event IN {p6:Array(String)}
                        AND (indexHint(toDate32(time) <= {p7:Date32}) AND time <= fromUnixTimestamp64Milli({p8:Int64}, 'UTC'))
                        AND events.person != 0
                        AND (event = {p3:String} OR (time >= fromUnixTimestamp64Milli({p0:Int64}, 'UTC') AND event = {p4:String})))
                GROUP BY person
                HAVING min(if(is_start, period, 65535)) BETWEEN 1 AND 65534)
            GROUP BY cohort, returns)))
GROUP BY of_value, cohort, period
