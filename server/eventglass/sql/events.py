"""What a SELECT reads events from: the table or what is gathered of it, with all that conditions need."""

from zoneinfo import ZoneInfo

from eventglass.planning.active_hours import ActiveHours
from eventglass.planning.conditions import Condition, Did
from eventglass.planning.event_hours import EventHours
from eventglass.planning.first_times import FirstTimes
from eventglass.planning.properties import SessionValue
from eventglass.sql.active_hours import active
from eventglass.sql.apart import SESSION_VALUE
from eventglass.sql.behavior import PREFIX, with_spans
from eventglass.sql.conditions import holds
from eventglass.sql.event_hours import counts
from eventglass.sql.first_times import first_events
from eventglass.sql.fragment import ALWAYS, Fragment, named_in, sql
from eventglass.sql.people import person
from eventglass.sql.session_values import with_session_values
from eventglass.sql.source import Source, named, of_project
from eventglass.sql.traits import with_traits
from eventglass.sql.when import instant, not_after, not_before
from eventglass.sql.whole_sessions import of_whole_sessions

_TABLE = sql("events")


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
    past = history(did.event, did.condition, did.zone, source)
    if did.up_to_now:
        since, until = source.selection.now, None
    if until is not None:
        past.append(not_after(until - 1))
    # A first time is only known from all history.
    if since is not None and did.within is not None and not did.first_time:
        past.append(not_before(since - did.within))
    return past


def history(event: str, condition: Condition, zone: ZoneInfo, source: Source) -> list[Fragment]:
    """Keep the events of all persons and all history, of a name and a condition."""
    return [
        *of_project(source),
        *([named([event])] if event else []),
        sql("time <= {latest}", latest=instant(source.selection.latest)),
        sql("events.person != 0"),
        holds(condition, zone),
    ]
