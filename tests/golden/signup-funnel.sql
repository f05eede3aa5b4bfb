SELECT
    entry.1 AS kind,
    entry.2 AS key,
    count() AS units,
    sum(entry.3) AS total,
    avg(entry.3) AS average,
    quantilesExactInclusive(0.5, 0.9, 0.95)(entry.3) AS percentiles,
    sumForEach(arrayMap(edge -> toUInt64(entry.3 >= edge), {p0:Array(Int64)})) AS at_least
FROM (
    SELECT
        arrayJoin(arrayConcat(arrayFilter(entry -> bitTest(best, 0) AND step_times[entry.2] >= 0, arrayMap(
            (time, step, before) -> (toUInt8(0), toInt64(step), time - step_times[before]),
            step_times, arrayEnumerate(step_times), [1, 1, 2])), if(cut > 0, [(toUInt8(3), toInt64(0), toInt64(cut))], []))) AS entry
    FROM (
        SELECT
            *,
            arrayMap(mark -> if(mark = 0, toInt64(-1), toInt64(bitShiftRight(mark, 17))), served) AS step_times
        FROM (
            SELECT
                *,
                arrayMap((mark, rank) -> if(rank <= depth, mark, 0), chain, arrayEnumerate(chain)) AS served
            FROM (
                SELECT
                    *,
                    [chain_0[chosen], chain_1[chosen], chain_2[chosen]] AS chain
                FROM (
                    SELECT
                        *,
                        indexOf(scores, best) AS chosen,
                        intDiv(best, 2) AS depth
                    FROM (
                        SELECT
                            *,
                            arrayMax(scores) AS best
                        FROM (
                            SELECT
                                *,
                                arrayMap((depth, mark) -> if(depth = 0, 0, depth * 2 + 1), depths, begun) AS scores
                            FROM (
                                SELECT
                                    *,
                                    arrayMap(
                                        (mark, mask, step_1, step_2) -> if(bitTest(mask, 0) AND mark < {p1:UInt64}, toUInt8(1 + (step_1 < bitShiftLeft(bitShiftRight(mark, 17) + {p2:UInt64} + 1, 17)) + (step_2 < bitShiftLeft(bitShiftRight(mark, 17) + {p2:UInt64} + 1, 17))), 0),
                                        begun, matched, chain_1, chain_2) AS depths
                                FROM (
                                    SELECT
                                        *,
                                        begun AS chain_0,
                                        arrayPopFront(arrayPushBack(reach_1_1, {p3:UInt64})) AS chain_1,
                                        arrayPopFront(arrayPushBack(reach_1_2, {p3:UInt64})) AS chain_2
                                    FROM (
                                        SELECT
                                            *,
                                            arrayReverseFill((each, mask) -> bitTest(mask, 1), begun, matched) AS reach_1_1,
                                            arrayReverseFill((each, mask) -> bitTest(mask, 1), arrayPopFront(arrayPushBack(reach_2_2, {p3:UInt64})), matched) AS reach_1_2
                                        FROM (
                                            SELECT
                                                *,
                                                arrayReverseFill((each, mask) -> bitTest(mask, 2), begun, matched) AS reach_2_2
                                            FROM (
                                                SELECT
                                                    *,
                                                    arrayPushBack(marks, {p3:UInt64}) AS begun,
                                                    arrayPushBack(masks, {p4:UInt32}) AS matched
                                                FROM (
                                                    SELECT
                                                        person,
                                                        greatest(all_events, {p5:UInt64}) - {p5:UInt64} AS cut,
                                                        ordered AS sort_keys,
                                                        arrayMap(
                                                            (sort_key, position) ->
                                                                bitShiftLeft(toUInt64(bitShiftRight(sort_key, 5)), 17) + position,
                                                            sort_keys, arrayEnumerate(sort_keys)) AS marks,
                                                        arrayMap(sort_key -> toUInt32(bitAnd(sort_key, toUInt64(7))), sort_keys) AS masks
                                                    FROM (
                                                        SELECT
                                                            person,
                                                            count() AS all_events,
                                                            arraySlice(arraySort(groupArray(sort_key)), 1, {p5:UInt64}) AS ordered
                                                        FROM (
                                                            SELECT
                                                                *,
                                                                bitShiftLeft(toUInt64(at), 5) + bitShiftLeft(toUInt64(if(steps = 0, 3, bitCount(bitXor(steps, steps - 1)) - 1)), 3) + steps AS sort_key
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
                                                        HAVING countIf(bitTest(steps, 0) AND at < {p13:UInt64}) > 0))))))))))))))
GROUP BY kind, key
