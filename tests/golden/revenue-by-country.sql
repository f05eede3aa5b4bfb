SELECT
    series,
    comparison,
    bucket,
    least(rank, {p0:UInt64}) AS place,
    if(rank <= {p1:UInt64}, dimension_0, CAST((0, 0, '') AS Tuple(UInt8, Float64, String))) AS kept_0,
    if(abs(ifNull(sumKahanMerge(state_0_0), 0)) < 1e15, toFloat64(printf('%.15g', ifNull(sumKahanMerge(state_0_0), 0))), ifNotFinite(ifNull(sumKahanMerge(state_0_0), 0), NULL)) AS result_0
FROM (
    SELECT
        *,
        dense_rank() OVER (PARTITION BY series ORDER BY is_main DESC, total_0 DESC NULLS LAST, dimension_0) AS rank
    FROM (
        SELECT
            *,
            countIf(comparison = 0) OVER of_value > 0 AS is_main,
            if(abs(ifNull(sumKahanMergeIf(state_0_0, comparison = 0) OVER of_value, 0)) < 1e15, toFloat64(printf('%.15g', ifNull(sumKahanMergeIf(state_0_0, comparison = 0) OVER of_value, 0))), ifNotFinite(ifNull(sumKahanMergeIf(state_0_0, comparison = 0) OVER of_value, 0), NULL)) AS total_0
        FROM (
            SELECT
                0 AS series,
                comparison,
                bucket,
                dimension_0,
                sumKahanState(number_0) AS state_0_0
            FROM (
                SELECT
                    0 AS series,
                    multiIf((time >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND time < fromUnixTimestamp64Milli({p3:Int64}, 'UTC')), 0, 1) AS comparison,
                    multiIf(comparison = 0, toUnixTimestamp64Milli(time) - (toUnixTimestamp64Milli(time) - {p2:Int64}) % {p4:Int64}, toUnixTimestamp64Milli(time) - (toUnixTimestamp64Milli(time) - {p5:Int64}) % {p4:Int64}) AS bucket,
                    tuple(
                        toUInt8(multiIf(
                            isNotNull(dynamicElement(properties.`$geo~2Ecountry`, 'String')) OR ifNull(dynamicElement(properties.`$geo~2Ecountry`, 'Array(Nullable(String))')[1], '') != '', 4,
                            isNotNull(dynamicElement(properties.`$geo~2Ecountry`, 'Float64')), 3,
                            isNotNull(dynamicElement(properties.`$geo~2Ecountry`, 'Bool')), 1 + ifNull(dynamicElement(properties.`$geo~2Ecountry`, 'Bool'), false),
                            0)),
                        ifNull(dynamicElement(properties.`$geo~2Ecountry`, 'Float64'), 0.),
                        ifNull(dynamicElement(properties.`$geo~2Ecountry`, 'String'), ifNull(dynamicElement(properties.`$geo~2Ecountry`, 'Array(Nullable(String))')[1], ''))) AS dimension_0,
                    coalesce(properties.`revenue`.:Float64, if(isFinite(if(match(properties.`revenue`.:String, {p6:String}), toFloat64OrNull(properties.`revenue`.:String), NULL)), if(match(properties.`revenue`.:String, {p6:String}), toFloat64OrNull(properties.`revenue`.:String), NULL), NULL)) AS number_0
                FROM events
                WHERE project_id = {p7:String}
                    AND indexHint((toDate32(time) BETWEEN {p8:Date32} AND {p9:Date32} OR toDate32(time) BETWEEN {p10:Date32} AND {p11:Date32}))
                    AND ((time >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND time < fromUnixTimestamp64Milli({p3:Int64}, 'UTC')) OR (time >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND time < fromUnixTimestamp64Milli({p2:Int64}, 'UTC')))
                    AND event = {p12:String})
            GROUP BY comparison, bucket, dimension_0)
        WINDOW of_value AS (PARTITION BY series, dimension_0)))
GROUP BY series, comparison, bucket, place, kept_0
