"""Groups of matched rows: one number per series, range, bucket and kept value (semantics 6.2 to 6.6)."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from eventglass.planning.breakdowns import Breakdown
from eventglass.sql import values
from eventglass.sql.aggregations import Measure, direct, merged, own_rows, result_column, states
from eventglass.sql.fragment import Fragment, every, joined, listed, sql, value
from eventglass.sql.keys import selected, varying
from eventglass.sql.rows import matched
from eventglass.sql.series import series_match_alike
from eventglass.sql.source import Source, dimensions


def grouped(source: Source, *, shared: bool) -> Fragment:
    """Select `series, comparison[, bucket]`, with a breakdown `place, dimension_0 …`, and `result_0 …`.

    `place` counts kept values from 1, by rank; other has the place after the last one.

    Args:
        source: what to group.
        shared: all series keep the same values, ranked by the first one's totals, then the second's.
    """
    keys = ["series", "comparison", *(["bucket"] if source.edges else [])]
    if source.breakdown is None:
        return _of_each_series(source, lambda each: _whole(each, keys))
    return _kept(source, source.breakdown, keys, shared=shared)


def width(source: Source) -> int:
    """Count the columns that `grouped` selects."""
    kept = 1 + len(source.breakdown.operands) if source.breakdown else 0
    return 2 + bool(source.edges) + kept + len(source.measures)


def _whole(source: Source, keys: list[str]) -> Fragment:
    """Group matched rows by keys, of all values together."""
    return sql(
        """\
SELECT
    {keys},
    {results}
FROM (
    {matched})
GROUP BY {by}""",
        keys=_names(selected(keys, source.selection)),
        results=listed(_named_results(source.measures, [direct(each) for each in source.measures])),
        matched=matched(source),
        by=_commas(varying(keys, source.selection)),
    )


def _of_each_series(source: Source, group: Callable[[Source], Fragment]) -> Fragment:
    """Group rows by series; those that all series match once, and every series has all that was found."""
    series = source.selection.series
    if not series_match_alike(source):
        return group(source)
    once = replace(
        source,
        selection=replace(source.selection, series=series[:1]),
        measures=tuple(replace(each, series=(0,), exclusive=False) for each in source.measures),
    )
    return sql(
        """\
SELECT
    arrayJoin({series}) AS series,
    * EXCEPT (series)
FROM (
    {grouped})""",
        series=sql(str(list(range(len(series))))),
        grouped=group(once),
    )


def _kept(source: Source, breakdown: Breakdown, keys: list[str], *, shared: bool) -> Fragment:
    return sql(
        """\
SELECT
    {keys},
    {placed},
    {results}
FROM (
    {ranked})
{hidden}GROUP BY {by}""",
        keys=_names(keys),
        placed=listed(placed(breakdown)),
        results=listed(_named_results(source.measures, [_merged(each) for each in source.measures])),
        ranked=ranked(source, cells(source, keys), shared=shared),
        hidden=hidden(breakdown),
        by=_commas([*keys, *placed_names(breakdown)]),
    )


def placed(breakdown: Breakdown) -> list[Fragment]:
    """Read the place of a ranked cell, and its value, or nothing where that is not kept."""
    limit = breakdown.limit or 0
    return [
        sql("least(rank, {after_last}) AS place", after_last=value("UInt64", limit + 1)),
        *(
            sql(
                f"if(rank <= {{limit}}, {name}, {{nothing}}) AS kept_{at}",
                limit=value("UInt64", limit),
                nothing=values.MISSING,
            )
            for at, name in enumerate(dimensions(breakdown))
        ),
    ]


def placed_names(breakdown: Breakdown) -> list[str]:
    """Name the columns that `placed` reads."""
    return ["place", *(f"kept_{at}" for at, _ in enumerate(breakdown.operands))]


def hidden(breakdown: Breakdown) -> Fragment:
    """Drop what has no place among the kept values, as a line of its own, where that was asked for."""
    if not breakdown.hide_other:
        return sql("")
    return sql("WHERE place <= {limit}\n", limit=value("UInt64", breakdown.limit or 0))


def ranked(source: Source, cells: Fragment, *, shared: bool) -> Fragment:
    """Select the cells with `rank`: the place of their value among all, from 1.

    Values of the main range come first, by total, null last; then those seen only in comparisons;
    ties in the order of semantics 6.4.
    """
    names = dimensions(source.breakdown)
    totals = _shared_totals(source) if shared else [_own_total(source.measures)]
    scope = [] if shared else ["series"]
    order = ["is_main DESC", *(f"total_{at} DESC NULLS LAST" for at in range(len(totals))), *names]
    return sql(
        """\
SELECT
    *,
    dense_rank() OVER ({scope}ORDER BY {order}) AS rank
FROM (
    SELECT
        *,
        countIf(comparison = 0) OVER of_value > 0 AS is_main,
        {totals}
    FROM (
        {cells})
    WINDOW of_value AS (PARTITION BY {of_value}))""",
        scope=sql(f"PARTITION BY {', '.join(scope)} " if scope else ""),
        order=_commas(order),
        totals=listed(sql(f"{{total}} AS total_{at}", total=each) for at, each in enumerate(totals)),
        cells=cells,
        of_value=_commas([*scope, *names]),
    )


def cells(source: Source, keys: list[str]) -> Fragment:
    """Group matched rows by keys and value, every number as a state that can be merged.

    With several measures a cell's states may be of rows that are not its series': see own_rows.
    """
    names = [*keys, *dimensions(source.breakdown)]
    return _of_each_series(source, lambda each: _cells(each, names))


def _cells(source: Source, keys: list[str]) -> Fragment:
    return sql(
        """\
SELECT
    {keys},
    {states}
FROM (
    {matched})
GROUP BY {by}""",
        keys=_names(selected(keys, source.selection)),
        states=listed(state for each in source.measures for state in states(each)),
        matched=matched(source),
        by=_commas(varying(keys, source.selection)),
    )


def _own_total(measures: Sequence[Measure]) -> Fragment:
    """The total of the row's own series in the main range."""
    totals = [_merged(each, sql("comparison = 0"), window="of_value") for each in measures]
    if len(measures) == 1:
        return totals[0]
    cases = [
        sql(
            "series IN {own}, toNullable(toFloat64({total}))",
            own=value("Array(UInt8)", tuple(each.series)),
            total=total,
        )
        for each, total in zip(measures, totals, strict=True)
    ]
    return sql("multiIf({cases}, NULL)", cases=joined(", ", cases))


def _merged(measure: Measure, *conditions: Fragment, window: str = "") -> Fragment:
    """Merge the states of the series that ask for the measure."""
    own = [own_rows(measure)] if measure.exclusive else []
    needed = [*conditions, *own]
    return merged(measure, condition=every(needed) if needed else None, window=window)


def _shared_totals(source: Source) -> list[Fragment]:
    """The totals of all series in the main range."""
    of_series = {position: each for each in source.measures for position in each.series}
    return [
        merged(measure, condition=sql(f"comparison = 0 AND series = {position}"), window="of_value")
        for position, measure in sorted(of_series.items())
    ]


def _named_results(measures: Sequence[Measure], results: Sequence[Fragment]) -> list[Fragment]:
    return [
        sql(f"{{result}} AS {result_column(measure)}", result=result)
        for measure, result in zip(measures, results, strict=True)
    ]


def _names(columns: Sequence[str]) -> Fragment:
    return sql(",\n".join(columns))


def _commas(columns: Sequence[str]) -> Fragment:
    return sql(", ".join(columns))
