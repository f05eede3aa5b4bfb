"""Who starts when, and returns when: a row per event, then per person and start that counts."""

from eventglass.planning.first_times import FirstTimes
from eventglass.planning.retention import Cohorts, Retention
from eventglass.sql.bucket_numbers import bucket_number, in_order, numbers_where
from eventglass.sql.conditions import holds
from eventglass.sql.evenly import number_of
from eventglass.sql.events import events
from eventglass.sql.first_times import first_rows
from eventglass.sql.fragment import ALWAYS, Fragment, clauses, every, listed, some, sql
from eventglass.sql.people import person
from eventglass.sql.series import of_any, of_series
from eventglass.sql.sortable import dimension_parts, key, parts_of, time_of
from eventglass.sql.source import Source, named, of_project
from eventglass.sql.when import instant, not_after, not_before


def started(retention: Retention) -> Fragment:
    """Select a row per person and start.

    Columns:
        cohort: the number of the start's period in the range, from 1.
        returns: the numbers of the periods of the person's returns, gathered by `numbers_where`; with own
            periods an array of their instants.
        begun: the start's instant; only with own periods.
        text: the values at the start (sortable.py); only with a breakdown.
    """
    if retention.breakdown is None and retention.length is None:
        return _persons(_first_periods(retention), retention)
    begun = time_of(sql("start")) if retention.breakdown else sql("start")
    columns = [
        sql("{cohort} AS cohort", cohort=number_of(begun, retention.edges)),
        *([] if retention.length is None else [sql("{begun} AS begun", begun=begun)]),
        *([sql("{text} AS text", text=parts_of(sql("start")))] if retention.breakdown else []),
        sql("returns"),
    ]
    starts = _recurring if retention.cohorts is Cohorts.RECURRING else _first
    return sql(
        """\
SELECT
    {columns}
FROM (
    {starts})""",
        columns=listed(columns),
        starts=starts(retention),
    )


def _first(retention: Retention) -> Fragment:
    """Find a person's first start: the smallest time, or the smallest text of a time and values."""
    # That is much quicker to keep than the smallest tuple.
    start = "minIf(key, is_start)" if retention.breakdown else "minIf(at, is_start)"
    return _persons(sql(f"{start} AS start"), retention)


def _recurring(retention: Retention) -> Fragment:
    """Find a person's first start of each period."""
    of_period = [
        sql("person"),
        sql("period"),
        sql("max(is_start) AS has_start"),
        sql(f"minIf({'key' if retention.breakdown else 'at'}, is_start) AS first"),
        sql("groupArrayIf(at, is_return) AS returned")
        if retention.length is not None
        else sql("max(is_return) AS has_return"),
    ]
    return sql(
        """\
SELECT
    arrayJoin(groupArrayIf(first, has_start)) AS start,
    {returns} AS returns
FROM (
    SELECT
        {of_period}
    FROM (
        {rows})
    GROUP BY person, period)
GROUP BY person""",
        returns=sql("groupArrayArray(returned)")
        if retention.length is not None
        else numbers_where(retention.edges[:-1], "period", "has_return"),
        of_period=listed(of_period),
        rows=_rows(retention),
    )


# More than any period's number; that of a start before the range is 0. (minIf is slower.)
_NO_START = 2**16 - 1
_FIRST_PERIOD = sql(f"min(if(is_start, period, {_NO_START}))")


def _first_periods(retention: Retention) -> Fragment:
    """Where nothing else matters of a start, its period's number is all that is kept of it."""
    if retention.cohorts is not Cohorts.RECURRING:
        return sql("{first} AS cohort", first=_FIRST_PERIOD)
    starts = numbers_where(retention.edges[:-1], "period", "is_start")
    return sql("arrayJoin({starts}) AS cohort", starts=in_order(retention.edges[:-1], starts))


def _persons(starts: Fragment, retention: Retention) -> Fragment:
    """Gather starts and returns of each person, of those who have a start that counts."""
    return sql(
        """\
SELECT
    {starts},
    {returns} AS returns
FROM (
    {rows})
GROUP BY person
HAVING {has_start}""",
        starts=starts,
        returns=sql("groupArrayIf(at, is_return)")
        if retention.length is not None
        else numbers_where(retention.edges[:-1], "period", "is_return"),
        rows=_rows(retention),
        has_start=sql("countIf(is_start) > 0")
        if retention.cohorts is Cohorts.RECURRING
        else sql(f"{{first}} BETWEEN 1 AND {_NO_START - 1}", first=_FIRST_PERIOD),
    )


def _rows(retention: Retention) -> Fragment:
    """Select a row per event that is a start or a return."""
    if retention.first_times is not None:
        return _rows_by_first_times(retention, retention.first_times)
    columns, conditions = _columns(retention), _conditions(retention)
    since = None if retention.cohorts is Cohorts.FIRST_EVER else retention.start
    return sql(
        """\
SELECT
    {columns}
FROM {events}
WHERE {conditions}""",
        columns=listed(columns),
        events=events(_source(retention), *columns, *conditions, since=since, until=retention.end),
        conditions=clauses(conditions),
    )


def _rows_by_first_times(retention: Retention, first: FirstTimes) -> Fragment:
    """Select a row per first event that is a start, whatever else it is, and per event that is a return."""
    selection, of = retention.selection, _source(retention)
    at = sql("toUnixTimestamp64Milli(time) AS at")
    last = not_after(min(retention.end - 1, selection.latest))
    period = bucket_number(retention.edges)
    return_conditions = [
        *of_project(of),
        *of_any([retention.returning], of),
        not_before(retention.start),
        last,
        sql("events.person != 0"),
    ]
    return sql(
        """\
SELECT
    person,
    {at},
    if({since}, {period}, 0) AS period,
    1 AS is_start,
    0 AS is_return
FROM (
    {first}) AS events
WHERE {in_time}
UNION ALL
SELECT
    {person} AS person,
    {at},
    {period} AS period,
    0 AS is_start,
    1 AS is_return
FROM {events}
WHERE {returns}""",
        at=at,
        since=_since(retention),
        period=period,
        first=first_rows(selection, first.event),
        in_time=sql("time < {end}", end=instant(retention.end)),
        person=person(selection),
        events=events(of, *return_conditions, since=retention.start, until=retention.end),
        returns=clauses(return_conditions),
    )


def _columns(retention: Retention) -> list[Fragment]:
    of = _source(retention)
    since = _since(retention)
    number = bucket_number(retention.edges)
    columns = [
        sql("{person} AS person", person=person(retention.selection)),
        sql("toUnixTimestamp64Milli(time) AS at"),
        sql("if({since}, {number}, 0) AS period", since=since, number=number)
        if retention.cohorts is Cohorts.FIRST_EVER
        else sql("{number} AS period", number=number),
        sql("{starts} AS is_start", starts=of_series(retention.starting, of, by_name=True)),
        sql(
            "{returns} AS is_return",
            returns=every([since, of_series(retention.returning, of, by_name=True)]),
        ),
    ]
    if retention.breakdown is None:
        return columns
    at = sql("toUnixTimestamp64Milli(time)")
    return [*columns, sql("{key} AS key", key=key(at, dimension_parts(retention.breakdown)))]


def _since(retention: Retention) -> Fragment:
    return sql("time >= {start}", start=instant(retention.start))


def _conditions(retention: Retention) -> list[Fragment]:
    of = _source(retention)
    selection = retention.selection
    names = [retention.starting.event, retention.returning.event]
    return [
        *of_project(of),
        *([] if "" in names else [named(names)]),
        *([] if retention.cohorts is Cohorts.FIRST_EVER else [not_before(retention.start)]),
        not_after(min(retention.end - 1, selection.latest)),
        sql("events.person != 0"),
        holds(selection.condition, selection.zone),
        _of_use(retention),
    ]


def _of_use(retention: Retention) -> Fragment:
    """Leave out what is neither a start nor a return, as far as the name does not tell."""
    of = _source(retention)
    starting = of_series(retention.starting, of, by_name=True)
    returning = of_series(retention.returning, of, by_name=True)
    if retention.cohorts is not Cohorts.FIRST_EVER:
        is_by_name = all(
            each.event and of_series(each, of, by_name=False) == ALWAYS
            for each in (retention.starting, retention.returning)
        )
        return ALWAYS if is_by_name else some([starting, returning])
    return some([starting, every([_since(retention), returning])])


def _source(retention: Retention) -> Source:
    return Source(
        selection=retention.selection,
        measures=(),
        breakdown=retention.breakdown,
        hours=retention.hours,
    )
