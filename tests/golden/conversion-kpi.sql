SELECT
    series,
    0 AS comparison,
    uniqExact(if(series IN (0), person, NULL)) AS result_0,
    count(if(series IN (1), 1, NULL)) AS result_1,
    count(if(series IN (2), 1, NULL)) AS result_2
FROM (
    SELECT
        multiIf(event = {p0:String}, 0, 1) AS series,
        0 AS comparison,
        nullIf(events.person, 0) AS person
    FROM events
    WHERE project_id = {p1:String}
        AND indexHint(toDate32(time) BETWEEN {p2:Date32} AND {p3:Date32})
        AND (time >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND time < fromUnixTimestamp64Milli({p5:Int64}, 'UTC'))
        AND NOT ifNull(endsWith(nullIf(if(user_id != '', user_id, anonymous_id), ''), {p6:String}), 0)
        AND event IN {p7:Array(String)}
    UNION ALL
    SELECT
        passed.1 AS series,
        0 AS comparison,
        NULL AS person
    FROM (
        SELECT
            min(time) AS began,
            toUnixTimestamp64Milli(max(time)) - toUnixTimestamp64Milli(began) AS milliseconds,
            count() = 1 AS bounced,
            arrayJoin(arrayFilter(each -> each.2 > 0, [(toUInt8(2), countIf(passes_2))])) AS passed
        FROM (
            SELECT
                events.person AS person,
                session,
                events.time AS time,
                NOT ifNull(endsWith(nullIf(if(user_id != '', user_id, anonymous_id), ''), {p6:String}), 0) AS passes_2
            FROM events
            WHERE project_id = {p1:String}
                AND time <= fromUnixTimestamp64Milli({p8:Int64}, 'UTC')
                AND events.person != 0 AND session != 0
                AND (((indexHint(toDate32(time) >= {p2:Date32}) AND time >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC')) AND (indexHint(toDate32(time) <= {p3:Date32}) AND time <= fromUnixTimestamp64Milli({p9:Int64}, 'UTC'))) OR (toDate32(time), accurateCast(session, 'UInt64')) IN (
                SELECT day, session
                FROM long_sessions
                WHERE project_id = {p1:String}
                    AND NOT (day BETWEEN {p2:Date32} AND {p3:Date32})
                    AND identity(session) IN (
                    SELECT session
                    FROM long_sessions
                    WHERE project_id = {p1:String}
                        AND day BETWEEN {p2:Date32} AND {p3:Date32})
                UNION ALL
                SELECT day, session
                FROM session_days
                WHERE project_id = {p1:String}
                    AND NOT (day BETWEEN {p2:Date32} AND {p3:Date32})
                    AND session IN (
                    SELECT session
                    FROM events
                    WHERE project_id = {p1:String}
                        AND ((received_at >= (SELECT max(until) FROM session_days_until) AND session != 0) AND ((indexHint(toDate32(time) >= {p2:Date32}) AND time >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC')) AND (indexHint(toDate32(time) <= {p3:Date32}) AND time <= fromUnixTimestamp64Milli({p9:Int64}, 'UTC')))))
                UNION ALL
                SELECT toDate32(time), session
                FROM events
                WHERE project_id = {p1:String}
                    AND ((received_at >= (SELECT max(until) FROM session_days_until) AND session != 0) AND NOT (toDate32(time) BETWEEN {p2:Date32} AND {p3:Date32}))
                    AND session IN (
                    SELECT session
                    FROM session_days
                    WHERE project_id = {p1:String}
                        AND (day BETWEEN {p2:Date32} AND {p3:Date32} AND session IN (
                        SELECT session
                        FROM events
                        WHERE project_id = {p1:String}
                            AND ((received_at >= (SELECT max(until) FROM session_days_until) AND session != 0) AND NOT (toDate32(time) BETWEEN {p2:Date32} AND {p3:Date32}))))
                    UNION ALL
                    SELECT session
                    FROM events
                    WHERE project_id = {p1:String}
                        AND ((received_at >= (SELECT max(until) FROM session_days_until) AND session != 0) AND ((indexHint(toDate32(time) >= {p2:Date32}) AND time >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC')) AND (indexHint(toDate32(time) <= {p3:Date32}) AND time <= fromUnixTimestamp64Milli({p9:Int64}, 'UTC'))))))))
        GROUP BY cityHash64(person, session))
    WHERE (began >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND began < fromUnixTimestamp64Milli({p5:Int64}, 'UTC')))
GROUP BY series
