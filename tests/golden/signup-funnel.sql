SELECT
    kind,
    key,
    sum(units_in_bin) AS units,
    sum(total_in_bin) AS total,
    quantilesExactInclusiveMerge(0.5, 0.9, 0.95)(percentiles_in_bin) AS percentiles,
    sumMap(map(bin, units_in_bin)) AS histogram,
    sum(cut_units_in_bin) AS cut_units,
    sum(cut_events_in_bin) AS cut_events
FROM (
    SELECT
        kind,
        key,
        roundDown(number, {p0:Array(Int64)}) AS bin,
        count() AS units_in_bin,
        sum(number) AS total_in_bin,
        quantilesExactInclusiveState(0.5, 0.9, 0.95)(number) AS percentiles_in_bin,
        countIf(left_out != 0) AS cut_units_in_bin,
        sum(left_out) AS cut_events_in_bin
    FROM (
        SELECT
            toUInt8(0) AS kind,
            key,
            number,
            if(key <= 1, cut, 0) AS left_out
        FROM (
            SELECT
                *,
                arrayDifference(arraySlice([toInt64(bitShiftRight(mark_0, 17)), toInt64(bitShiftRight(mark_1, 17)), toInt64(bitShiftRight(mark_2, 17))], 1, depth)) AS waits
            FROM (
                SELECT
                    cut,
                    (chain_0 != 0) + more AS depth,
                    (chain_0 != 0) * 3 + more * 2 AS best,
                    bitShiftLeft(bitShiftRight(chain_0, 3), 17) AS mark_0,
                    bitShiftLeft(bitShiftRight(chain_1, 3), 17) AS mark_1,
                    bitShiftLeft(bitShiftRight(chain_2, 3), 17) AS mark_2
                FROM (
                    SELECT
                        *,
                        end_2 AS chain_2
                    FROM (
                        SELECT
                            *,
                            arrayFirst((event, mask) -> bitTest(mask, 1) AND event > chain_0, events, matched) AS chain_1
                        FROM (
                            SELECT
                                cut,
                                events,
                                matched,
                                more,
                                end_2,
                                events[arrayFirstIndex(limit -> limit > last, limits_0)] AS chain_0
                            FROM (
                                SELECT
                                    cut,
                                    events,
                                    matched,
                                    limits_0,
                                    end_2,
                                    greatest(last_2, end_2) AS last,
                                    toUInt8(more_2 + (end_2 != 0)) AS more
                                FROM (
                                    SELECT
                                        cut,
                                        events,
                                        matched,
                                        limits_0,
                                        arrayFirst(
                                            (event, mask, limit) -> bitTest(mask, 2) AND event < limit,
                                            events, matched, limits_1) AS end_2,
                                        greatest(last_1, end_1) AS last_2,
                                        toUInt8(more_1 + (end_1 != 0)) AS more_2
                                    FROM (
                                        SELECT
                                            cut,
                                            events,
                                            matched,
                                            limits_0,
                                            arrayFill((limit, mask) -> bitTest(mask, 1), limits_0, matched) AS limits_1,
                                            arrayFirst(
                                                (event, mask, limit) -> bitTest(mask, 1) AND event < limit,
                                                events, matched, limits_0) AS end_1,
                                            greatest(last_0, end_0) AS last_1,
                                            toUInt8(more_0 + (end_0 != 0)) AS more_1
                                        FROM (
                                            SELECT
                                                cut,
                                                events,
                                                matched,
                                                arrayFill(
                                                    (limit, event, mask) -> bitTest(mask, 0) AND event < {p1:UInt64},
                                                    arrayMap(event -> bitOr(event, {p2:UInt64}) + {p3:UInt64}, events),
                                                    events, matched) AS limits_0,
                                                toUInt64(0) AS end_0,
                                                toUInt64(0) AS last_0,
                                                toUInt8(0) AS more_0
                                            FROM (
                                                SELECT
                                                    cut,
                                                    arrayPushFront(sort_keys, {p4:UInt64}) AS events,
                                                    events AS matched
                                                FROM (
                                                    SELECT
                                                        person,
                                                        greatest(all_events, {p5:UInt64}) - {p5:UInt64} AS cut,
                                                        ordered AS sort_keys,
                                                        arrayMap(
                                                            (sort_key, position) ->
                                                                bitShiftLeft(toUInt64(bitShiftRight(sort_key, 3)), 17) + position,
                                                            sort_keys, arrayEnumerate(sort_keys)) AS marks,
                                                        arrayMap(sort_key -> toUInt32(bitAnd(sort_key, toUInt64(7))), sort_keys) AS masks
                                                    FROM (
                                                        SELECT
                                                            person,
                                                            length(groupArray(sort_key)) AS all_events,
                                                            arraySlice(arraySort(groupArray(sort_key)), 1, {p5:UInt64}) AS ordered
                                                        FROM (
                                                            SELECT
                                                                *,
                                                                bitShiftLeft(toUInt64(at), 3) + steps AS sort_key
                                                            FROM (
                                                                SELECT
                                                                    events.person AS person,
                                                                    toUInt64(toUnixTimestamp64Milli(time) - {p6:Int64}) AS at,
                                                                    toUInt32(bitShiftLeft(toUInt32(event = {p7:String}), 0) + bitShiftLeft(toUInt32(event = {p8:String}), 1) + bitShiftLeft(toUInt32(event = {p9:String}), 2)) AS steps
                                                                FROM events
                                                                WHERE project_id = {p10:String}
                                                                    AND time >= fromUnixTimestamp64Milli({p6:Int64}, 'UTC')
                                                                    AND time <= fromUnixTimestamp64Milli({p11:Int64}, 'UTC')
                                                                    AND events.person != 0
                                                                    AND event IN {p12:Array(String)})
                                                            WHERE 1)
                                                        GROUP BY person
                                                        HAVING arrayExists(each -> bitAnd(each, {p13:UInt64}) != 0 AND each < {p1:UInt64}, groupArray(sort_key))))))))))))))
        LEFT ARRAY JOIN
            waits AS number,
            arrayEnumerate(waits) AS key)
    WHERE number >= 0
    GROUP BY kind, key, bin)
GROUP BY kind, key
