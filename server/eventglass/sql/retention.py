"""Retention as one statement: a row per event, per person, per person and cohort, per cell."""

from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.retention import Cohorts, Retention
from eventglass.sql import values
from eventglass.sql.conditions import holds
from eventglass.sql.fragment import Fragment, clauses, every, joined, listed, some, sql, value
from eventglass.sql.people import person
from eventglass.sql.source import Source, dimension_values, events, named, of_project, of_series
from eventglass.sql.when import instant


def retained(retention: Retention) -> Fragment:
    """Select `of_value, cohort, period, persons[, place, kept_0 …]`.

    Columns:
        of_value: 0 for the rows of all persons together, 1 for those of one value of the breakdown.
        cohort: the instant at which the cohort's period begins.
        period: the cohort's instant for the cohort itself; else of a return the instant at which its
            period begins, or, with own periods, their number (0 for the cohort itself).
        persons: how many. With ON_OR_AFTER a person stands in the last period of a return alone.
        place, kept_0 …: the rank of the value from 1 (other after the last), and it.
    """
    kept = _kept(retention.breakdown)
    hides = retention.breakdown is not None and retention.breakdown.hide_other
    return sql(
        """\
SELECT
    of_value,
    cohort,
    period,
    count() AS persons{kept}
FROM (
    SELECT
        arrayJoin({of_value}) AS of_value,
        cohort,
        arrayJoin(periods) AS period{of_kept}
    FROM (
        {cohorts}))
{hidden}GROUP BY of_value, cohort, period{kept}""",
        kept=sql("".join(f", {name}" for name in kept)),
        of_value=sql("[0, 1]" if retention.breakdown else "[0]"),
        of_kept=joined("", [sql(""), *_of_kept(retention.breakdown)]),
        cohorts=_placed(retention),
        hidden=sql("WHERE of_value = 0 OR place <= {limit}\n", limit=_limit(retention.breakdown))
        if hides
        else sql(""),
    )


def width(retention: Retention) -> int:
    """Count the columns that `retained` selects."""
    return 4 + len(_kept(retention.breakdown))


def _kept(breakdown: Breakdown | None) -> list[str]:
    if breakdown is None:
        return []
    return ["place", *(f"kept_{at}" for at, _ in enumerate(breakdown.operands))]


def _of_kept(breakdown: Breakdown | None) -> list[Fragment]:
    """The value of a row that is about one; nothing for the others."""
    if breakdown is None:
        return []
    kept = [
        sql(
            f",\n        if(of_value = 1 AND rank <= {{limit}}, read.{at + 1}, {{nothing}}) AS kept_{at}",
            limit=_limit(breakdown),
            nothing=values.MISSING,
        )
        for at, _ in enumerate(breakdown.operands)
    ]
    place = sql(",\n        if(of_value = 1, least(rank, {limit} + 1), 0) AS place", limit=_limit(breakdown))
    return [place, *kept]


def _limit(breakdown: Breakdown | None) -> Fragment:
    return value("UInt64", breakdown.limit if breakdown else 0)


def _placed(retention: Retention) -> Fragment:
    """Rank the values by the sum of their cohorts' sizes; as they are without a breakdown."""
    if retention.breakdown is None:
        return _cohorts(retention)
    return sql(
        """\
SELECT
    *,
    dense_rank() OVER (ORDER BY size DESC, read) AS rank
FROM (
    SELECT
        *,
        count() OVER (PARTITION BY read) AS size
    FROM (
        {cohorts}))""",
        cohorts=_cohorts(retention),
    )


def _cohorts(retention: Retention) -> Fragment:
    """Select `cohort, read, periods` of every person and cohort: the own one, and those of returns."""
    return sql(
        """\
SELECT
    start.1 AS begun,
    roundDown(begun, {edges}) AS cohort,{read}
    {periods} AS periods
FROM (
    {persons})""",
        edges=value("Array(Int64)", retention.edges),
        read=sql("\n    start.2 AS read,") if retention.breakdown else sql(""),
        periods=_periods(retention),
        persons=_persons(retention),
    )


def _periods(retention: Retention) -> Fragment:
    if retention.length is None:
        own, later = sql("cohort"), sql("arrayFilter(period -> period > cohort, returns)")
    else:
        own = sql("toInt64(0)")
        later = sql(
            """\
arrayDistinct(arrayFilter(
    period -> period > 0,
    arrayMap(at -> intDiv(at - begun, {length}), returns)))""",
            length=value("Int64", retention.length),
        )
    if retention.on_or_after:
        later = sql("arraySlice(arrayReverseSort({later}), 1, 1)", later=later)
    return sql("arrayPushFront({later}, {own})", own=own, later=later)


def _persons(retention: Retention) -> Fragment:
    """Select `start`, (time, values), a row per person and start that counts; and the `returns`."""
    columns, conditions = _columns(retention), _conditions(retention)
    since = None if retention.cohorts is Cohorts.FIRST_EVER else retention.start
    return sql(
        """\
SELECT
    {starts} AS start,
    {returns} AS returns
FROM (
    SELECT
        {columns}
    FROM {events}
    WHERE {conditions})
GROUP BY person
HAVING countIf(is_start) > 0{in_range}""",
        starts=_starts(retention),
        returns=_returns(retention),
        columns=listed(columns),
        events=events(_source(retention), *columns, *conditions, since=since),
        conditions=clauses(conditions),
        in_range=sql(" AND minIf(at, is_start) >= {start}", start=value("Int64", retention.start))
        if retention.cohorts is Cohorts.FIRST_EVER
        else sql(""),
    )


def _starts(retention: Retention) -> Fragment:
    if retention.cohorts is not Cohorts.RECURRING:
        # The smallest time alone is much quicker to keep than the smallest tuple.
        return sql("minIf((at, read), is_start)" if retention.breakdown else "tuple(minIf(at, is_start))")
    start = "(at, read)" if retention.breakdown else "tuple(at)"
    # The first start of each period.
    return sql(
        f"""\
arrayJoin(arrayFilter(
    (start, period, before) -> period != before,
    arraySort(groupArrayIf({start}, is_start)) AS starts,
    arrayMap(start -> roundDown(start.1, {{edges}}), starts) AS periods,
    arrayPopBack(arrayPushFront(periods, toInt64({{none}})))))""",
        edges=value("Array(Int64)", retention.edges),
        none=value("Int64", -(2**63)),
    )


def _returns(retention: Retention) -> Fragment:
    if retention.length is not None:
        return sql("groupArrayIf(at, is_return)")
    return sql(
        "arrayDistinct(arrayMap(at -> roundDown(at, {edges}), groupArrayIf(at, is_return)))",
        edges=value("Array(Int64)", retention.edges),
    )


def _columns(retention: Retention) -> list[Fragment]:
    of = _source(retention)
    since = sql("time >= {start}", start=instant(retention.start))
    columns = [
        sql("{person} AS person", person=person(retention.selection)),
        sql("toUnixTimestamp64Milli(time) AS at"),
        sql("{starts} AS is_start", starts=of_series(retention.starting, of, by_name=True)),
        sql(
            "{returns} AS is_return",
            returns=every([since, of_series(retention.returning, of, by_name=True)]),
        ),
    ]
    if retention.breakdown:
        columns.append(sql("tuple({read}) AS read", read=joined(", ", dimension_values(retention.breakdown))))
    return columns


def _conditions(retention: Retention) -> list[Fragment]:
    of = _source(retention)
    selection = retention.selection
    names = [retention.starting.event, retention.returning.event]
    since = sql("time >= {start}", start=instant(retention.start))
    returning = of_series(retention.returning, of, by_name=True)
    starting = of_series(retention.starting, of, by_name=True)
    ever = retention.cohorts is Cohorts.FIRST_EVER
    return [
        *of_project(of),
        *([] if "" in names else [named(names)]),
        *([] if ever else [since]),
        sql("time <= {last}", last=instant(min(retention.end - 1, selection.now))),
        sql("events.person != 0"),
        holds(selection.condition, selection.zone),
        some([starting, every([since, returning]) if ever else returning]),
    ]


def _source(retention: Retention) -> Source:
    return Source(selection=retention.selection, measures=(), breakdown=retention.breakdown)
