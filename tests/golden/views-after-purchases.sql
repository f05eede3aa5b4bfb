SELECT
    series,
    0 AS comparison,
    count() AS result_0
FROM (
    SELECT
        arrayJoin(arrayFilter(at -> at >= 0, [if((event = {p0:String} AND (did_0.somebody != 0 AND toUnixTimestamp64Milli(time) <= did_0.until)), 0, -1), if((event = {p0:String} AND NOT (did_1.somebody != 0 AND toUnixTimestamp64Milli(time) >= did_1.since)), 1, -1)])) AS series,
        0 AS comparison
    FROM events
    ASOF LEFT JOIN (
        SELECT
            somebody,
            span.1 AS since,
            span.2 AS until
        FROM (
            SELECT
                *,
                arrayJoin(arrayMap((first, last) -> (first.1, last.2), begun, ended)) AS span
            FROM (
                SELECT
                    *,
                    arrayFilter(
                        (span, before) -> span.1 > before.2 + 1,
                        spans, arrayPopBack(arrayPushFront(spans, tuple({p1:Int64}, {p1:Int64})))) AS begun,
                    arrayFilter(
                        (span, after) -> after.1 > span.2 + 1,
                        spans, arrayPopFront(arrayPushBack(spans, tuple({p2:Int64}, {p2:Int64})))) AS ended
                FROM (
                    SELECT
                        *,
                        arrayFilter(span -> span.1 <= span.2, arrayMap(
                            (last, first) -> (last + 1, first + {p3:Int64}),
                            arraySlice(times, {p4:UInt32}),
                            arraySlice(times, 1, length(times) - {p4:UInt32} + 1))) AS spans
                    FROM (
                        SELECT
                            events.person AS somebody,
                            arraySort(groupArray(toUnixTimestamp64Milli(time))) AS times
                        FROM events
                        WHERE project_id = {p5:String}
                            AND event = {p6:String}
                            AND time <= fromUnixTimestamp64Milli({p7:Int64}, 'UTC')
                            AND events.person != 0
                            AND (indexHint(toDate32(time) <= {p8:Date32}) AND time <= fromUnixTimestamp64Milli({p9:Int64}, 'UTC'))
                            AND (indexHint(toDate32(time) >= {p10:Date32}) AND time >= fromUnixTimestamp64Milli({p11:Int64}, 'UTC'))
                        GROUP BY somebody
                        HAVING length(times) >= {p4:UInt32}))))) AS did_0
        ON did_0.somebody = events.person AND did_0.since <= toUnixTimestamp64Milli(events.time)
    ANY LEFT JOIN (
        SELECT
            events.person AS somebody,
            min(toUnixTimestamp64Milli(time)) + 1 AS since
        FROM events
        WHERE project_id = {p5:String}
            AND event = {p6:String}
            AND time <= fromUnixTimestamp64Milli({p7:Int64}, 'UTC')
            AND events.person != 0
            AND (indexHint(toDate32(time) <= {p8:Date32}) AND time <= fromUnixTimestamp64Milli({p9:Int64}, 'UTC'))
        GROUP BY somebody
        HAVING count() >= {p12:UInt32}) AS did_1
        ON did_1.somebody = events.person
    WHERE project_id = {p5:String}
        AND indexHint(toDate32(time) BETWEEN {p13:Date32} AND {p8:Date32})
        AND (time >= fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND time < fromUnixTimestamp64Milli({p15:Int64}, 'UTC'))
        AND event = {p0:String}
        AND ((event = {p0:String} AND (did_0.somebody != 0 AND toUnixTimestamp64Milli(time) <= did_0.until)) OR (event = {p0:String} AND NOT (did_1.somebody != 0 AND toUnixTimestamp64Milli(time) >= did_1.since))))
GROUP BY series
