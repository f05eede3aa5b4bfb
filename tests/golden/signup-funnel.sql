SELECT
    toUInt8(0) AS kind,
    key,
    sum(units_in_bin) AS units,
    sum(total_in_bin) AS total,
    quantilesExactInclusiveMerge(0.5, 0.9, 0.95)(percentiles_in_bin) AS percentiles,
    sumMap(map(bin, units_in_bin)) AS histogram,
    sum(cut_units_in_bin) AS cut_units,
    sum(cut_events_in_bin) AS cut_events
FROM (
    SELECT
        key,
        roundDown(number, {p0:Array(Int64)}) AS bin,
        count() AS units_in_bin,
        sum(number) AS total_in_bin,
        quantilesExactInclusiveState(0.5, 0.9, 0.95)(number) AS percentiles_in_bin,
        countIf(if(key <= 1, cut, 0) != 0) AS cut_units_in_bin,
        sum(if(key <= 1, cut, 0)) AS cut_events_in_bin
    FROM (
        SELECT
            cut,
            arrayDifference(arraySlice([
                toInt64(bitShiftRight(arrayFirst(limit -> limit > last, limits_0) - {p1:UInt64}, 3)),
                toInt64(bitShiftRight(arrayFirst((event, limit) -> bitAnd(event, 2) != 0 AND limit > last, events, limits_0), 3)),
                toInt64(bitShiftRight(last, 3))], 1, depth)) AS waits
        FROM (
            SELECT
                cut,
                events,
                limits_0,
                limits_1,
                toUInt8(bitShiftRight(deepest, 35)) AS depth,
                toUInt64(bitXor(bitAnd(deepest, {p2:UInt64}), {p2:UInt64})) AS last
            FROM (
                SELECT
                    cut,
                    events,
                    limits_0,
                    limits_1,
                    arrayMax(
                        (event, limit_0, limit_1) -> multiIf(
                            bitAnd(event, 4) != 0 AND event < limit_1,
                            bitXor(event, {p3:UInt64}),
                            bitAnd(event, 2) != 0 AND event < limit_0,
                            bitXor(event, {p4:UInt64}),
                            bitAnd(event, 1) != 0,
                            {p5:UInt64},
                            0),
                        events, limits_0, limits_1) AS deepest
                FROM (
                    SELECT
                        cut,
                        events,
                        limits_0,
                        arrayMap(
                            (each, behind) -> toUInt64(each - behind),
                            limits_0,
                            arrayCumSumNonNegative(
                                (event, further) -> if(bitAnd(event, 2) != 0, {p6:Int64}, further),
                                events, arrayDifference(limits_0))) AS limits_1
                    FROM (
                        SELECT
                            cut,
                            events,
                            arrayMap(
                                (each, behind) -> toUInt64(each - behind) + {p1:UInt64},
                                events,
                                arrayCumSumNonNegative(
                                    (event, further) -> if(bitAnd(event, 1) != 0, {p6:Int64}, further),
                                    events, arrayDifference(events))) AS limits_0
                        FROM (
                            SELECT
                                greatest(length(groupArray(sort_key)), {p7:UInt64}) - {p7:UInt64} AS cut,
                                arrayPushFront(arraySlice(arraySort(groupArray(sort_key)), 1, {p7:UInt64}), {p8:UInt64}) AS events
                            FROM (
                                SELECT
                                    events.person AS person,
                                    bitShiftLeft(toUInt64(toUnixTimestamp64Milli(time) - {p9:Int64}), 3) + transform(event, {p10:Array(String)}, {p11:Array(UInt32)}, toUInt32(0)) AS sort_key
                                FROM events
                                WHERE project_id = {p12:String}
                                    AND (indexHint(toDate32(time) >= {p13:Date32}) AND time >= fromUnixTimestamp64Milli({p9:Int64}, 'UTC'))
                                    AND (indexHint(toDate32(time) <= {p14:Date32}) AND time <= fromUnixTimestamp64Milli({p15:Int64}, 'UTC'))
                                    AND (event != {p16:String} OR (indexHint(toDate32(time) <= {p17:Date32}) AND time <= fromUnixTimestamp64Milli({p18:Int64}, 'UTC')))
                                    AND events.person != 0
                                    AND event IN {p10:Array(String)})
                            GROUP BY person
                            HAVING arrayExists(each -> bitAnd(each, {p19:UInt64}) != 0, groupArray(sort_key))) AS grouped
                            LEFT JOIN (SELECT 1 WHERE 0) AS nothing ON 1)))))
    LEFT ARRAY JOIN
        waits AS number,
        arrayEnumerate(waits) AS key
    GROUP BY key, bin)
GROUP BY key
