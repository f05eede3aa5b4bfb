"""5. Units by step, with the times to get there; the trend."""

from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.funnel import Funnel, Order
from eventglass.sql import values
from eventglass.sql.fragment import Fragment, joined, listed, sql, value
from eventglass.sql.funnel.counted import counted, picked_values
from eventglass.sql.source import dimensions

# What a row of the answer is about.
STEP, BUCKET, STEP_OF_VALUE, CUT = range(4)

# Histogram edges in milliseconds (semantics 6.8).
_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000
HISTOGRAM = (
    0,
    30 * _SECOND,
    2 * _MINUTE,
    5 * _MINUTE,
    15 * _MINUTE,
    _HOUR,
    6 * _HOUR,
    _DAY,
    3 * _DAY,
    7 * _DAY,
    14 * _DAY,
    30 * _DAY,
)

PERCENTILES = (0.5, 0.9, 0.95)


def answered(funnel: Funnel, edges: tuple[int, ...]) -> Fragment:
    """Select the funnel, a row per thing that is counted.

    Columns:
        kind: STEP, BUCKET (of the trend), STEP_OF_VALUE or CUT.
        key: the step from 1, or the instant at which the bucket begins.
        units: how many reached the step, or entered in the bucket.
        total: the sum of `number`: of BUCKET how many converted, of CUT how many events were left out.
        average, percentiles: of the milliseconds from the required step before.
        at_least: of those, how many are as long as each edge of HISTOGRAM.
        place, kept_0 …: with a breakdown, the rank of the value from 1 (other after the last), and it.

    Args:
        funnel: what to count.
        edges: where the trend's buckets begin and the last one ends, in milliseconds; empty without.
    """
    kept = _kept(funnel.breakdown)
    return sql(
        """\
SELECT
    entry.1 AS kind,
    entry.2 AS key,
    count() AS units,
    sum(entry.3) AS total,
    avg(entry.3) AS average,
    quantilesExactInclusive({percentiles})(entry.3) AS percentiles,
    sumForEach(arrayMap(edge -> toUInt64(entry.3 >= edge), {edges})) AS at_least{kept}
FROM (
    SELECT
        arrayJoin({entries}) AS entry{of_value}
    FROM (
        {units}))
{hidden}GROUP BY kind, key{kept}""",
        percentiles=sql(", ".join(map(str, PERCENTILES))),
        edges=value("Array(Int64)", HISTOGRAM),
        kept=sql("".join(f", {name}" for name in kept)),
        entries=_entries(funnel, edges),
        of_value=joined("", [sql(""), *_of_value(funnel.breakdown)]),
        units=_placed(funnel, edges),
        hidden=_hidden(funnel.breakdown),
    )


def width(funnel: Funnel) -> int:
    """Count the columns that `answered` selects."""
    return 7 + len(_kept(funnel.breakdown))


def _kept(breakdown: Breakdown | None) -> list[str]:
    if breakdown is None:
        return []
    return ["place", *(f"kept_{at}" for at, _ in enumerate(breakdown.operands))]


def _of_value(breakdown: Breakdown | None) -> list[Fragment]:
    """The value of an entry that is about one; nothing for the others."""
    if breakdown is None:
        return []
    is_of_value = f"entry.1 = {STEP_OF_VALUE}"
    columns = [sql(f",\n        if({is_of_value}, value_place, 0) AS place")]
    for at, _ in enumerate(breakdown.operands):
        columns.append(
            sql(f",\n        if({is_of_value}, value_{at}, {{nothing}}) AS kept_{at}", nothing=values.MISSING)
        )
    return columns


def _hidden(breakdown: Breakdown | None) -> Fragment:
    if breakdown is None or not breakdown.hide_other:
        return sql("")
    return sql(
        f"WHERE kind != {STEP_OF_VALUE} OR place <= {{limit}}\n", limit=value("UInt64", breakdown.limit)
    )


def _entries(funnel: Funnel, edges: tuple[int, ...]) -> Fragment:
    """What a unit adds to the answer: (kind, key, number)."""
    entries = [_steps(funnel, STEP), sql(f"if(cut > 0, [(toUInt8({CUT}), toInt64(0), toInt64(cut))], [])")]
    if funnel.breakdown:
        entries.append(_steps(funnel, STEP_OF_VALUE))
    if edges:
        entries.append(
            sql(
                f"""\
arrayMap(
    (bucket, score) -> (toUInt8({BUCKET}), bucket, toInt64(intDiv(score, 2) = {_depth(funnel)})),
    arrayFilter((bucket, score) -> bitTest(score, 0), trend.1, trend.2),
    arrayFilter(score -> bitTest(score, 0), trend.2))"""
            )
        )
    return sql("arrayConcat({entries})", entries=joined(", ", entries))


def _depth(funnel: Funnel) -> int:
    return len(funnel.steps) if funnel.order is Order.UNORDERED else len(funnel.required)


def _steps(funnel: Funnel, kind: int) -> Fragment:
    """(kind, step, milliseconds from the required step before) of every step that a unit reached."""
    unordered = funnel.order is Order.UNORDERED
    before = [
        1 if at == 0 else (at if unordered else funnel.required_before(at) + 1)
        for at, _ in enumerate(funnel.steps)
    ]
    return sql(
        f"""\
arrayFilter(entry -> bitTest(best, 0) AND step_times[entry.2] >= 0, arrayMap(
    (time, step, before) -> (toUInt8({kind}), toInt64(step), time - step_times[before]),
    step_times, arrayEnumerate(step_times), {before}))"""
    )


def _placed(funnel: Funnel, edges: tuple[int, ...]) -> Fragment:
    """Give every unit the place of its value; `counted` as it is without a breakdown."""
    units = counted(funnel, edges)
    breakdown = funnel.breakdown
    if breakdown is None:
        return units
    limit = breakdown.limit or 0
    picked = [f"picked_value.{at + 1}" for at, _ in enumerate(dimensions(breakdown))]
    return sql(
        """\
SELECT
    *,
    least(rank, {after_last}) AS value_place,
    {kept}
FROM (
    SELECT
        *,
        dense_rank() OVER (ORDER BY entered DESC, picked_value) AS rank
    FROM (
        SELECT
            *,
            {picked} AS picked_value,
            countIf(bitTest(best, 0)) OVER (PARTITION BY picked_value) AS entered
        FROM (
            {units})))""",
        after_last=value("UInt64", limit + 1),
        kept=listed(
            sql(
                f"if(rank <= {{limit}}, {each}, {{nothing}}) AS value_{at}",
                limit=value("UInt64", limit),
                nothing=values.MISSING,
            )
            for at, each in enumerate(picked)
        ),
        picked=picked_values(funnel),
        units=units,
    )
