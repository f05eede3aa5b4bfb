"""A distribution as one statement: numbers, then where bins begin, then how many are in each.

Equal bins depend on the smallest and largest number, so the numbers are read twice. Events per user
and session lengths take a pass over all events to find; they are found once, as a table of different
numbers and how often there is each, and read from that.
"""

import sys

from eventglass.planning.distribution import Distribution
from eventglass.sql.aggregations import Input, column, measures, steady
from eventglass.sql.fragment import Fragment, listed, sql, value
from eventglass.sql.rows import matched
from eventglass.sql.source import Source
from insights.v1.distribution_pb2 import DistributionOf

WIDTH = 7

LEVELS = (0.5, 0.9, 0.95, 0.99)


def spread(distribution: Distribution) -> Fragment:
    """Select one row: `total, minimum, maximum, average, percentiles, begins, held`.

    Columns:
        percentiles: at LEVELS.
        begins: where bins begin; with given edges the first is the lowest double.
        held: (begin, count) of the bins that hold something; of equal begins the last one is meant.
    """
    return sql(
        """\
WITH
    {constants}
SELECT
    summary.1 AS total,
    summary.2 AS minimum,
    summary.3 AS maximum,
    {average} AS average,
    summary.5 AS percentiles,
    begins,
    groupArray((begin, count)) AS held
FROM (
    SELECT
        roundDown(number, begins) AS begin,
        count() AS count
    FROM (
        {numbers})
    GROUP BY begin)""",
        constants=listed([*_counted(distribution), _summary(distribution), _begins(distribution)]),
        average=_average(distribution),
        numbers=_numbers(distribution),
    )


def _summary(distribution: Distribution) -> Fragment:
    """Sum the numbers up: how many, the ends, the sum, the percentiles.

    A subquery of one row may be NULL to the engine, and an array made of it could not be rounded down to.
    """
    levels = ", ".join(map(str, LEVELS))
    return sql(
        f"""\
assumeNotNull((
    SELECT tuple(
        count(), min(number), max(number), sumKahan(number), quantilesExactInclusive({levels})(number))
    FROM (
        {{numbers}}))) AS summary""",
        numbers=_numbers(distribution),
    )


def _average(distribution: Distribution) -> Fragment:
    """Divide the sum; that of a property has the digits of AVERAGE."""
    quotient = "summary.4 / summary.1"
    return sql(steady(quotient) if distribution.of == DistributionOf.DISTRIBUTION_OF_PROPERTY else quotient)


def _begins(distribution: Distribution) -> Fragment:
    """Tell where bins begin.

    Where the width times the number of bins may be beyond a double, equal ones are reckoned in 2048ths:
    of such ends these have the same digits.
    """
    if distribution.edges:
        given = (-sys.float_info.max, *distribution.edges)
        return sql("{given} AS begins", given=value("Array(Float64)", given))
    return sql(
        """\
if(greatest(abs(summary.2), abs(summary.3)) > 1e300, 2048, 1) AS unit,
summary.2 / unit AS low,
summary.3 / unit AS high,
if(summary.2 = summary.3, 1, {bins}) AS bins,
arrayPushFront(
    arrayMap(
        at -> least(summary.3, greatest(summary.2, unit * (low + (high - low) * at / bins))),
        range(1, bins)),
    summary.2) AS begins""",
        bins=value("UInt16", distribution.bins),
    )


def _numbers(distribution: Distribution) -> Fragment:
    """Select `number`, one row of each: an event's, a person's or a session's."""
    if distribution.of == DistributionOf.DISTRIBUTION_OF_PROPERTY:
        return _of_rows(distribution)
    return sql(
        """\
SELECT arrayJoin(arrayWithConstant(each.2, each.1)) AS number
FROM (
    SELECT arrayJoin(counted) AS each)"""
    )


def _counted(distribution: Distribution) -> list[Fragment]:
    """Count different numbers, where it takes long to find them: (number, how many)."""
    if distribution.of == DistributionOf.DISTRIBUTION_OF_PROPERTY:
        return []
    counted = sql(
        """\
(
    SELECT groupArray((number, times))
    FROM (
        SELECT
            number,
            count() AS times
        FROM (
            {rows})
        GROUP BY number)) AS counted""",
        rows=_of_rows(distribution),
    )
    return [counted]


def _of_rows(distribution: Distribution) -> Fragment:
    """Read the numbers of matched rows."""
    asked = measures(distribution.selection.series)
    rows = matched(
        Source(
            selection=distribution.selection,
            measures=asked,
            breakdown=None,
            gathered_sessions=distribution.gathered_sessions,
        )
    )
    if distribution.of == DistributionOf.DISTRIBUTION_OF_EVENTS_PER_USER:
        return sql(
            """\
SELECT toFloat64(count()) AS number
FROM (
    {rows})
WHERE isNotNull(person)
GROUP BY person""",
            rows=rows,
        )
    if distribution.of == DistributionOf.DISTRIBUTION_OF_SESSION_LENGTH:
        return sql("SELECT duration / 1000 AS number\nFROM (\n    {rows})", rows=rows)
    name = column(asked[0], Input.NUMBER)
    # -0 plus 0 is 0.
    return sql(
        f"SELECT assumeNotNull({name}) + 0 AS number\nFROM (\n    {{rows}})\nWHERE isNotNull({name})",
        rows=rows,
    )
