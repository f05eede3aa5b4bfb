"""Tables: one row per value, one number per series, a page at a time (semantics 9)."""

from collections.abc import Sequence

from eventglass.planning.formula import Formula
from eventglass.planning.pages import Position
from eventglass.sql import values
from eventglass.sql.aggregations import merged
from eventglass.sql.formula import computed
from eventglass.sql.fragment import Fragment, joined, listed, sql, value
from eventglass.sql.groups import cells, ranked
from eventglass.sql.source import Source, dimensions


def tabled(source: Source, formula: Formula | None, *, after: Position | None, size: int) -> Fragment:
    """Select `total_rows, is_other, dimension_0 …, value_0 …, sort_value` of at most `size` rows.

    Args:
        source: what to tabulate.
        formula: one more value, of the others; rows are sorted by it.
        after: the row before the first one; None for the first page.
        size: rows at most.
    """
    names = dimensions(source.breakdown)
    order = ["is_other", "sort_value DESC NULLS LAST", *names]
    if source.breakdown and source.breakdown.edges:
        order.insert(1, "dimension_0")
    return sql(
        """\
SELECT
    total_rows,
    {columns}
FROM (
    SELECT
        *,
        {sort} AS sort_value,
        count() OVER () AS total_rows
    FROM (
        {rows}))
{after}ORDER BY {order}
LIMIT {size}""",
        columns=listed(map(sql, ["is_other", *names, *_value_names(source), "sort_value"])),
        sort=_finite(computed(formula, list(map(sql, _value_names(source))))) if formula else sql("value_0"),
        rows=_rows(source),
        after=sql("WHERE {after}\n", after=_after(after, source)) if after else sql(""),
        order=sql(", ".join(order)),
        size=value("UInt64", size),
    )


def width(source: Source) -> int:
    """Count the columns that `tabled` selects."""
    return 3 + len(dimensions(source.breakdown)) + len(source.selection.series)


def _value_names(source: Source) -> list[str]:
    return [f"value_{position}" for position in range(len(source.selection.series))]


def _rows(source: Source) -> Fragment:
    """Select `is_other, dimension_0 …, value_0 …`, a row per value."""
    names = dimensions(source.breakdown)
    breakdown = source.breakdown
    pivoted = listed(
        sql(f"{{number}} AS {name}", number=number)
        for name, number in zip(_value_names(source), _numbers(source), strict=True)
    )
    if breakdown is None or breakdown.limit is None:
        return sql(
            """\
SELECT
    {keys},
    {pivoted}
FROM (
    {cells}){grouped}""",
            keys=listed(map(sql, ["false AS is_other", *names])),
            pivoted=pivoted,
            cells=cells(source, ["series"]),
            grouped=sql(f"\nGROUP BY {', '.join(names)}" if names else ""),
        )
    limit = value("UInt64", breakdown.limit)
    return sql(
        """\
SELECT
    kept.1 AS is_other,
    {dimensions},
    {pivoted}
FROM (
    {ranked})
{hidden}GROUP BY if(rank <= {limit}, (false, {names}), (true, {nothing})) AS kept""",
        dimensions=listed(sql(f"kept.{at + 2} AS {name}") for at, name in enumerate(names)),
        pivoted=pivoted,
        ranked=_renamed(ranked(source, cells(source, ["series", "comparison"]), shared=True), names),
        hidden=sql("WHERE rank <= {limit}\n", limit=limit) if breakdown.hide_other else sql(""),
        limit=limit,
        names=joined(", ", [sql(f"of_{name}") for name in names]),
        nothing=joined(", ", [values.MISSING] * len(names)),
    )


def _renamed(ranked_cells: Fragment, names: Sequence[str]) -> Fragment:
    """Give the cells' dimensions other names than the rows'."""
    renamed = ", ".join(f"{name} AS of_{name}" for name in names)
    return sql(
        f"""\
SELECT * EXCEPT ({", ".join(names)}), {renamed}
FROM (
    {{cells}})""",
        cells=ranked_cells,
    )


def _numbers(source: Source) -> list[Fragment]:
    of_series = {position: each for each in source.measures for position in each.series}
    return [
        sql("toNullable(toFloat64({number}))", number=merged(measure, condition=sql(f"series = {position}")))
        for position, measure in sorted(of_series.items())
    ]


def _finite(number: Fragment) -> Fragment:
    """Make a formula's number NULL where it is not finite."""
    return sql("if(isFinite({number}), {number}, NULL)", number=number)


def _after(position: Position, source: Source) -> Fragment:
    """Tell whether a row comes after a position, in the order of the table."""
    names = dimensions(source.breakdown)
    others = sql("{is_other}", is_other=value("Bool", position.is_other))
    typed = [values.constant(*each) for each in position.dimensions]
    behind = _behind(position, names, typed)
    if source.breakdown and source.breakdown.edges:
        behind = sql(
            "(dimension_0 > {first} OR (dimension_0 = {first} AND {behind}))", first=typed[0], behind=behind
        )
    return sql("(is_other > {others} OR (is_other = {others} AND {behind}))", others=others, behind=behind)


def _behind(position: Position, names: list[str], typed: list[Fragment]) -> Fragment:
    """Tell whether a row comes later by value, or of one value by dimensions, and is not the last one again.

    The last row's sum of doubles may have changed by its last digits, so that it would come after itself.
    """
    one = len(names) == 1
    row = sql(names[0]) if one else sql(f"({', '.join(names)})")
    last = typed[0] if one else sql("({typed})", typed=joined(", ", typed))
    if position.value is None:
        return sql("(isNull(sort_value) AND {row} > {last})", row=row, last=last)
    return sql(
        """\
({row} != {last}
    AND (isNull(sort_value) OR sort_value < {value} OR (sort_value = {value} AND {row} > {last})))""",
        row=row,
        last=last,
        value=value("Float64", position.value),
    )
