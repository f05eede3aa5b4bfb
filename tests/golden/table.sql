SELECT
    total_rows,
    is_other,
    dimension_0,
    dimension_1,
    value_0,
    value_1,
    sort_value
FROM (
    SELECT
        *,
        if(isFinite((value_0 / nullIf(ifNotFinite(value_1, 0), 0))), (value_0 / nullIf(ifNotFinite(value_1, 0), 0)), NULL) AS sort_value,
        count() OVER () AS total_rows
    FROM (
        SELECT
            kept.1 AS is_other,
            kept.2 AS dimension_0,
            kept.3 AS dimension_1,
            toNullable(toFloat64(countMergeIf(state_0_0, series = 0))) AS value_0,
            toNullable(toFloat64(countMergeIf(state_0_0, series = 1))) AS value_1
        FROM (
            SELECT * EXCEPT (dimension_0, dimension_1), dimension_0 AS of_dimension_0, dimension_1 AS of_dimension_1
            FROM (
                SELECT
                    *,
                    dense_rank() OVER (ORDER BY is_main DESC, total_0 DESC NULLS LAST, total_1 DESC NULLS LAST, dimension_0, dimension_1) AS rank
                FROM (
                    SELECT
                        *,
                        countIf(comparison = 0) OVER of_value > 0 AS is_main,
                        countMergeIf(state_0_0, comparison = 0 AND series = 0) OVER of_value AS total_0,
                        countMergeIf(state_0_0, comparison = 0 AND series = 1) OVER of_value AS total_1
                    FROM (
                        SELECT
                            series,
                            0 AS comparison,
                            dimension_0,
                            dimension_1,
                            countState() AS state_0_0
                        FROM (
                            SELECT
                                multiIf(event = {p0:String}, 0, 1) AS series,
                                0 AS comparison,
                                tuple(
                                    toUInt8(multiIf(
                                        isNotNull(dynamicElement(properties.`plan`, 'String')) OR ifNull(dynamicElement(properties.`plan`, 'Array(Nullable(String))')[1], '') != '', 4,
                                        isNotNull(dynamicElement(properties.`plan`, 'Float64')), 3,
                                        isNotNull(dynamicElement(properties.`plan`, 'Bool')), 1 + ifNull(dynamicElement(properties.`plan`, 'Bool'), false),
                                        0)),
                                    ifNull(dynamicElement(properties.`plan`, 'Float64'), 0.),
                                    ifNull(dynamicElement(properties.`plan`, 'String'), ifNull(dynamicElement(properties.`plan`, 'Array(Nullable(String))')[1], ''))) AS dimension_0,
                                if(isNull(nullIf(event, '')), CAST((0, 0, '') AS Tuple(UInt8, Float64, String)), CAST((4, 0, ifNull(nullIf(event, ''), '')) AS Tuple(UInt8, Float64, String))) AS dimension_1
                            FROM events
                            WHERE project_id = {p1:String}
                                AND received_at <= fromUnixTimestamp64Milli({p2:Int64}, 'UTC')
                                AND indexHint(toDate32(time) BETWEEN {p3:Date32} AND {p4:Date32})
                                AND (time >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND time < fromUnixTimestamp64Milli({p6:Int64}, 'UTC'))
                                AND event IN {p7:Array(String)})
                        GROUP BY series, dimension_0, dimension_1)
                    WINDOW of_value AS (PARTITION BY dimension_0, dimension_1))))
        GROUP BY if(rank <= {p8:UInt64}, (false, of_dimension_0, of_dimension_1), (true, CAST((0, 0, '') AS Tuple(UInt8, Float64, String)), CAST((0, 0, '') AS Tuple(UInt8, Float64, String)))) AS kept))
ORDER BY is_other, sort_value DESC NULLS LAST, dimension_0, dimension_1
LIMIT {p9:UInt64}
