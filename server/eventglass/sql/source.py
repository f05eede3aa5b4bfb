"""What matched rows are made of, and the columns they have.

A matched row is one event (or session) in one series and one range. Its columns: `series` and
`comparison` (positions), `bucket` (the instant it begins at, milliseconds; only where there are
buckets), `dimension_0` … (typed values, see sql/values.py) and the inputs of the measures (see
sql/aggregations.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from eventglass.planning.active_hours import ActiveHours
from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.conditions import Condition, Did
from eventglass.planning.event_hours import EventHours
from eventglass.planning.first_times import FirstTimes
from eventglass.planning.properties import SessionValue
from eventglass.planning.selection import OF_SESSIONS, Selection, Series
from eventglass.sql import values
from eventglass.sql.active_hours import active
from eventglass.sql.aggregations import Input, Measure, column
from eventglass.sql.apart import SESSION_VALUE
from eventglass.sql.behavior import PREFIX, with_spans
from eventglass.sql.conditions import holds
from eventglass.sql.erasures import events_remain
from eventglass.sql.event_hours import counts
from eventglass.sql.first_times import first_events
from eventglass.sql.fragment import ALWAYS, Fragment, bound, clauses, every, named_in, some, sql, value
from eventglass.sql.people import person
from eventglass.sql.session_values import with_session_values
from eventglass.sql.sortable import key, parts_of
from eventglass.sql.traits import with_traits
from eventglass.sql.when import instant, not_after, not_before
from eventglass.sql.whole_sessions import of_whole_sessions

Numbered = list[tuple[int, Series]]

_TABLE = sql("events")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What matched rows are made of.

    Args:
        edges: bucket edges per range, in milliseconds; empty where there are no buckets.
        arrived_until: only events that had arrived by then (milliseconds), to pin pages; None: all.
        hours: who was active in which hour, how many events there were, or when each person did something
            first, is read instead of events; None: events are.
        gathered_sessions: when sessions have events is read instead of events, for series of sessions.
    """

    selection: Selection
    measures: tuple[Measure, ...]
    breakdown: Breakdown | None
    edges: tuple[tuple[int, ...], ...] = ()
    arrived_until: int | None = None
    hours: ActiveHours | EventHours | FirstTimes | None = None
    gathered_sessions: bool = False

    @property
    def event_series(self) -> Numbered:
        """The series whose rows are events."""
        return [each for each in enumerate(self.selection.series) if each[1].aggregation not in OF_SESSIONS]

    @property
    def session_series(self) -> Numbered:
        """The series whose rows are sessions."""
        return [each for each in enumerate(self.selection.series) if each[1].aggregation in OF_SESSIONS]

    @property
    def series_match_alike(self) -> bool:
        """Whether there are several series, all of the same rows: only what is computed of them differs."""
        series = self.selection.series
        if len(series) == 1 or (self.event_series and self.session_series):
            return False
        return len({of_series(each, self, by_name=True) for each in series}) == 1

    @property
    def since(self) -> int:
        """The first millisecond of all ranges."""
        return min(each.start for each in self.selection.ranges)

    @property
    def until(self) -> int:
        """The first millisecond after all ranges."""
        return max(each.end for each in self.selection.ranges)

    @property
    def inputs(self) -> dict[str, tuple[Input, Measure]]:
        """What the measures read, by the names of the columns."""
        return {
            column(measure, each): (each, measure)
            for measure in self.measures
            for call in measure.recipe.calls
            for each in call.inputs
            if each is not Input.ROW
        }


def dimensions(breakdown: Breakdown | None) -> list[str]:
    """Name the dimension columns."""
    return [f"dimension_{position}" for position in range(len(breakdown.operands))] if breakdown else []


def dimension_values(breakdown: Breakdown | None) -> list[Fragment]:
    """Read an event's value of each dimension."""
    if breakdown is None:
        return []
    first, *others = breakdown.operands
    return [
        values.numbered(first, breakdown.edges) if breakdown.edges else values.typed(first),
        *map(values.typed, others),
    ]


def of_project(source: Source) -> list[Fragment]:
    """Keep a project's events, of those that had arrived and were not erased; hours are such already."""
    if source.hours is not None:
        return []
    conditions = [sql("project_id = {project}", project=value("String", source.selection.project_id))]
    if source.arrived_until is not None:
        conditions.append(sql("received_at <= {at}", at=instant(source.arrived_until)))
    return [*conditions, *events_remain(source.selection)]


def events(
    source: Source,
    *reading: Fragment,
    since: int | None = None,
    until: int | None = None,
    sessions_in: tuple[int, int] | None = None,
    table: Fragment | None = None,
) -> Fragment:
    """Name what a SELECT reads events from: the table, with all that its expressions need beside it.

    Args:
        source: what the rows are made of.
        reading: the expressions of the SELECT, its conditions too.
        since: the first millisecond of the events that it reads; None for all history.
        until: the first one after them; None for the latest.
        sessions_in: where every session of these events has one, if that is not `since` to `until`.
        table: what stands in for the table, under its name; None: what the source reads.
    """
    behaviors = [each for each in named_in(reading, PREFIX) if isinstance(each, Did)]
    of_sessions = [each for each in named_in(reading, SESSION_VALUE) if isinstance(each, SessionValue)]
    own = person(source.selection)
    if table is None:
        table = _table(source, since, until)
    past = [(each, _past(each, source, since, until)) for each in behaviors]
    rows = with_spans(
        table,
        [(did, events(source, *conditions), conditions) for did, conditions in past],
        person=own,
        now=source.selection.now,
    )
    if sessions_in is None and since is not None:
        sessions_in = since, source.selection.latest + 1 if until is None else until
    if of_sessions:
        history = _sessions(source, sessions_in)
        rows = with_session_values(rows, of_sessions, history, person=own)
    return with_traits(rows, source.selection, reading)


def _table(source: Source, since: int | None, until: int | None) -> Fragment:
    """Name what the source reads of a time as the table of events."""
    match source.hours:
        case None:
            return _TABLE
        case ActiveHours():
            return active(source.selection, source.hours, since, until)
        case FirstTimes():
            return first_events(source.selection, source.hours.event)
        case EventHours():
            names = [each.event for each in source.selection.series]
            wanted = ALWAYS if "" in names else named(names)
            # Its questions are about ranges alone.
            return counts(
                source.selection,
                source.hours,
                wanted,
                source.since,
                source.until,
                arrived_until=source.arrived_until,
            )


def _sessions(source: Source, sessions_in: tuple[int, int] | None) -> list[Fragment]:
    """Keep the events of all history, of sessions that have one in a time; None: of all sessions."""
    return [
        *of_project(source),
        sql("time <= {latest}", latest=instant(source.selection.latest)),
        sql("events.person != 0 AND session != 0"),
        of_whole_sessions(source.selection, [sessions_in]) if sessions_in else ALWAYS,
    ]


def _past(did: Did, source: Source, since: int | None, until: int | None) -> list[Fragment]:
    """Keep the events that count for a behaviour, if it is asked at events of a time."""
    history = _history(did.event, did.condition, did.zone, source)
    if did.up_to_now:
        since, until = source.selection.now, None
    if until is not None:
        history.append(not_after(until - 1))
    # A first time is only known from all history.
    if since is not None and did.within is not None and not did.first_time:
        history.append(not_before(since - did.within))
    return history


def named(names: list[str]) -> Fragment:
    """Keep events of some names."""
    different = tuple(dict.fromkeys(names))
    if len(different) == 1:
        return sql("event = {name}", name=value("String", different[0]))
    return sql("event IN {names}", names=value("Array(String)", different))


def of_any(series: Sequence[Series], source: Source) -> list[Fragment]:
    """Keep events of at least one of the series: by name, for the index, then by all else."""
    if isinstance(source.hours, FirstTimes):
        return []
    names = [each.event for each in series]
    if "" in names:
        return [some(of_series(each, source, by_name=True) for each in series)]
    by_name = len(series) > 1
    rest = [of_series(each, source, by_name=False) for each in series]
    if all(each == ALWAYS for each in rest):
        return [named(names)]
    return [named(names), some(of_series(each, source, by_name=by_name) for each in series)]


def of_series(series: Series, source: Source, *, by_name: bool) -> Fragment:
    """Tell whether an event is of a series; without its name, where that was asked already."""
    if isinstance(source.hours, FirstTimes):
        return ALWAYS
    conditions = [holds(series.condition, source.selection.zone)]
    if series.event and by_name:
        conditions.insert(0, named([series.event]))
    if series.first_time:
        conditions.append(_first_of_person(series, source))
    return every(conditions)


def _first_of_person(series: Series, source: Source) -> Fragment:
    """Keep each person's first event in all history that passes the series (semantics 2.6)."""
    conditions = _history(series.event, series.condition, source.selection.zone, source)
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


def _history(event: str, condition: Condition, zone: ZoneInfo, source: Source) -> list[Fragment]:
    """Keep the events of all persons and all history, of a name and a condition."""
    return [
        *of_project(source),
        *([named([event])] if event else []),
        sql("time <= {latest}", latest=instant(source.selection.latest)),
        sql("events.person != 0"),
        holds(condition, zone),
    ]
