"""6. Units by step, with the times to get there; the trend."""

from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.funnel import Funnel, Order
from eventglass.sql.fragment import Fragment, sql, value
from eventglass.sql.funnel.counted import counted
from eventglass.sql.funnel.ranked import picked_value, ranked

# What a row of the answer is about.
STEP, BUCKET = range(2)
_IS_STEP = f"kind = {STEP}"

# Histogram edges in milliseconds (semantics 11.15).
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

_PERCENTILES = sql("0.5, 0.9, 0.95")


def answered(funnel: Funnel, edges: tuple[int, ...]) -> Fragment:
    """Select the funnel, a row per thing that is counted.

    Columns:
        kind: STEP or BUCKET (of the trend).
        key: the step from 1, where 0 stands for nothing; or the instant at which the bucket begins.
        units: how many reached the step, or entered in the bucket.
        total: the milliseconds from the required step before, of all; of a BUCKET how many converted.
        percentiles: of the milliseconds.
        histogram: a map from where a bin of HISTOGRAM begins to how many are in it.
        cut_units, cut_events: of how many units events were left out, and how many; every unit is in one
            row, and with a breakdown in two: one of all and one of its value.
        place, kept_0 …: with a breakdown, the rank of the value from 1 (other after the last), and it. 0
            for all together.

    Args:
        funnel: what to count.
        edges: where the trend's buckets begin and the last one ends, in milliseconds; empty without.
    """
    breakdown, bins = funnel.breakdown, _binned(funnel, edges)
    return sql(
        """\
SELECT
    {kind},
    key,
    sum(units_in_bin) AS units,
    sum(total_in_bin) AS total,
    quantilesExactInclusiveMerge({percentiles})(percentiles_in_bin) AS percentiles,
    sumMap(map(bin, units_in_bin)) AS histogram,
    sum(cut_units_in_bin) AS cut_units,
    sum(cut_events_in_bin) AS cut_events{kept}
FROM (
    {bins}){together}
GROUP BY {by}""",
        # The engine walks through all of a statement's SELECTs for each key that it groups them by.
        kind=sql("kind" if edges else f"toUInt8({STEP}) AS kind"),
        percentiles=_PERCENTILES,
        kept=_kept(breakdown),
        bins=ranked(funnel, edges, breakdown, bins, is_step=_IS_STEP) if breakdown else bins,
        together=_together(breakdown),
        by=_by(funnel, edges, "key", "place"),
    )


def _binned(funnel: Funnel, edges: tuple[int, ...]) -> Fragment:
    """The same for each bin of the histogram, and with a breakdown for each value alone."""
    picked = sql("")
    if funnel.breakdown:
        of_unit = picked_value(funnel, edges, is_step=_IS_STEP)
        picked = sql(",\n{of_unit} AS picked_value", of_unit=of_unit)
    return sql(
        """\
SELECT
    {key},
    roundDown(number, {bins}) AS bin,
    count() AS units_in_bin,
    sum(number) AS total_in_bin,
    quantilesExactInclusiveState({percentiles})(number) AS percentiles_in_bin,
    countIf({left_out} != 0) AS cut_units_in_bin,
    sum({left_out}) AS cut_events_in_bin{picked}
FROM (
    {units})
{entries}{counted}
GROUP BY {by}""",
        key=sql("kind,\nkey" if edges else "key"),
        bins=value("Array(Int64)", HISTOGRAM),
        percentiles=_PERCENTILES,
        # Of each unit once. An AND of columns would have the engine compare them; see `answered`.
        left_out=sql(f"if(kind = {STEP} AND key = 0, cut, 0)" if edges else "if(key <= 1, cut, 0)"),
        picked=picked,
        units=_with_trend(funnel, edges) if edges else counted(funnel, edges),
        entries=sql(_STEPS_AND_TREND if edges else _STEPS),
        counted=sql("\nWHERE number >= 0" if funnel.has_optional else ""),
        by=_by(funnel, edges, "key", "bin", "picked_value"),
    )


def _by(funnel: Funnel, edges: tuple[int, ...], *keys: str) -> Fragment:
    """Group by the kind, if there are several, and by the place or value, the last key, with a breakdown."""
    return sql(", ".join([*(["kind"] if edges else []), *(keys if funnel.breakdown else keys[:-1])]))


def width(funnel: Funnel) -> int:
    """Count the columns that `answered` selects."""
    return 8 + (1 + len(funnel.breakdown.operands) if funnel.breakdown else 0)


def _kept(breakdown: Breakdown | None) -> Fragment:
    """The place of a value, and the value, which is the same for a place."""
    if breakdown is None:
        return sql("")
    columns = ["place", *(f"any(kept_{at}_in_bin) AS kept_{at}" for at, _ in enumerate(breakdown.operands))]
    return sql("".join(f",\n{each}" for each in columns))


def _together(breakdown: Breakdown | None) -> Fragment:
    """Count every bin for its value and for all together; what has no value only for all."""
    if breakdown is None:
        return sql("")
    every_bin = "\nARRAY JOIN arrayDistinct([0, place_in_bin]) AS place"
    if breakdown.hide_other:
        return sql(f"{every_bin}\nWHERE place <= {{limit}}", limit=value("UInt64", breakdown.limit))
    return sql(every_bin)


# What a unit adds to the answer, an entry for each step. A unit of no step adds a key of 0.
_STEPS = """\
LEFT ARRAY JOIN
    waits AS number,
    arrayEnumerate(waits) AS key"""

# The same, and an entry for each bucket of the trend. Every unit adds a key of 0.
_STEPS_AND_TREND = f"""\
ARRAY JOIN
    arrayConcat(
        arrayWithConstant(1 + length(waits), {STEP}),
        arrayWithConstant(length(clean), {BUCKET})) AS kind,
    arrayConcat([0], arrayEnumerate(waits), begun_in) AS key,
    arrayConcat([0], waits, converted) AS number"""


def _with_trend(funnel: Funnel, edges: tuple[int, ...]) -> Fragment:
    """Say of every unit in which buckets clean attempts begin, and which of them convert."""
    return sql(
        """\
SELECT
    *,
    arrayFilter(score -> bitAnd(score, 1) != 0, trend.2) AS clean,
    arrayFilter((bucket, score) -> bitAnd(score, 1) != 0, trend.1, trend.2) AS begun_in,
    arrayMap(score -> toInt64(intDiv(score, 2) = {depth}), clean) AS converted
FROM (
    {units})""",
        depth=sql(str(_depth(funnel))),
        units=counted(funnel, edges),
    )


def _depth(funnel: Funnel) -> int:
    return len(funnel.steps) if funnel.order is Order.UNORDERED else len(funnel.required)
