"""Which events are of a series: by name, by conditions, and each person's first one alone."""

from collections.abc import Sequence

from eventglass.planning.first_times import FirstTimes, are_gathered
from eventglass.planning.selection import Series
from eventglass.sql.conditions import holds
from eventglass.sql.events import events, history
from eventglass.sql.first_times import first_events
from eventglass.sql.fragment import ALWAYS, Fragment, bound, clauses, every, some, sql
from eventglass.sql.people import person
from eventglass.sql.sortable import key, parts_of
from eventglass.sql.source import Source, named
from eventglass.sql.when import instant, not_after, not_before


def series_match_alike(source: Source) -> bool:
    """Whether there are several series, all of the same rows: only what is computed of them differs."""
    series = source.selection.series
    if len(series) == 1 or (source.event_series and source.session_series):
        return False
    return len({of_series(each, source, by_name=True) for each in series}) == 1


def of_any(
    series: Sequence[Series], source: Source, *, times: tuple[int, int] | None = None
) -> list[Fragment]:
    """Keep events of at least one of the series: by name, for the index, then by all else.

    Args:
        series: of which.
        source: what the rows are made of.
        times: the first millisecond of all of its events, and the one after the last; None: not known.
    """
    if isinstance(source.hours, FirstTimes):
        return []
    names = [each.event for each in series]
    if "" in names:
        return [some(of_series(each, source, by_name=True, times=times) for each in series)]
    by_name = len(series) > 1
    rest = [of_series(each, source, by_name=False, times=times) for each in series]
    if all(each == ALWAYS for each in rest):
        return [named(names)]
    return [named(names), some(of_series(each, source, by_name=by_name, times=times) for each in series)]


def of_series(
    series: Series, source: Source, *, by_name: bool, times: tuple[int, int] | None = None
) -> Fragment:
    """Tell whether an event is of a series; without its name, where that was asked already; see `of_any`."""
    if isinstance(source.hours, FirstTimes):
        return ALWAYS
    conditions = [holds(series.condition, source.selection.zone)]
    if series.event and by_name:
        conditions.insert(0, named([series.event]))
    if series.first_time:
        conditions.append(_first_of_person(series, source, times))
    return every(conditions)


def _first_of_person(series: Series, source: Source, times: tuple[int, int] | None) -> Fragment:
    """Keep each person's first event in all history that passes the series (semantics 2.6).

    Where first times are gathered, only events of such times are looked at, where these are asked about.
    """
    conditions = history(series.event, series.condition, source.selection.zone, source)
    if times and are_gathered(source.selection, series, source.arrived_until):
        conditions += _at_first_time(series, source, *times)
    at = sql("toUnixTimestamp64Milli(time)")
    # The smallest text is much quicker to keep than what belongs to the smallest tuple.
    subquery = sql(
        """\
event_id IN (
    SELECT {event_id}
    FROM {events}
    WHERE {conditions}
    GROUP BY {person})""",
        event_id=parts_of(sql("min({key})", key=key(at, [sql("event_id")]))),
        events=events(source, *conditions),
        person=person(source.selection),
        conditions=clauses(conditions),
    )
    return bound(subquery)


def _at_first_time(series: Series, source: Source, since: int, until: int) -> list[Fragment]:
    """Keep events of the time of their person's first one, if that is in a time."""
    first = sql(
        """\
({person}, time) IN (
    SELECT person, time
    FROM {first}
    WHERE time >= {since} AND time < {until})""",
        person=person(source.selection),
        first=first_events(source.selection, series.event, arrived_until=source.arrived_until),
        since=instant(since),
        until=instant(until),
    )
    return [not_before(since), not_after(until - 1), first]
