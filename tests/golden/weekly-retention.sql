SELECT
    of_value,
    cohort,
    period,
    count() AS persons
FROM (
    SELECT
        arrayJoin([0]) AS of_value,
        cohort,
        arrayJoin(periods) AS period
    FROM (
        SELECT
            start.1 AS begun,
            roundDown(begun, {p0:Array(Int64)}) AS cohort,
            arrayPushFront(arrayFilter(period -> period > cohort, returns), cohort) AS periods
        FROM (
            SELECT
                tuple(minIf(at, is_start)) AS start,
                arrayDistinct(arrayMap(at -> roundDown(at, {p0:Array(Int64)}), groupArrayIf(at, is_return))) AS returns
            FROM (
                SELECT
                    events.person AS person,
                    toUnixTimestamp64Milli(time) AS at,
                    event = {p1:String} AS is_start,
                    (time >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND event = {p3:String}) AS is_return
                FROM events
                WHERE project_id = {p4:String}
                    AND event IN {p5:Array(String)}
                    AND time <= fromUnixTimestamp64Milli({p6:Int64}, 'UTC')
                    AND events.person != 0
                    AND (event = {p1:String} OR (time >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND event = {p3:String})))
            GROUP BY person
            HAVING countIf(is_start) > 0 AND minIf(at, is_start) >= {p2:Int64})))
GROUP BY of_value, cohort, period
