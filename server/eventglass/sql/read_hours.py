"""Which hours (UTC) of a time are read from what is gathered by hours, and which from events."""

from collections.abc import Iterable
from dataclasses import dataclass

from eventglass.planning import zone as clock
from eventglass.planning.selection import Selection
from eventglass.sql.erasures import events_remain
from eventglass.sql.fragment import ALWAYS, Fragment, clauses, every, some, sql, value
from eventglass.sql.when import day, instant


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadHours:
    """How a time is read; instants in milliseconds.

    Args:
        since: the first millisecond; None for all history.
        after: the first one that is not read any more.
        over: where the hour begins that is not gathered any more, or not read as it is.
        of_events: the begins of hours that are read from events, in order.
    """

    since: int | None
    after: int
    over: int
    of_events: tuple[int, ...]

    @property
    def gathered(self) -> list[Fragment]:
        """Keep the hours that are read as they are gathered."""
        return [
            sql("hour >= {since}", since=instant(_hour(self.since))) if self.since is not None else ALWAYS,
            sql("hour < {over}", over=instant(self.over)),
            *(sql("hour != {cut}", cut=instant(each)) for each in self.of_events if each < self.over),
        ]

    @property
    def in_time(self) -> list[Fragment]:
        """Keep the events of the time."""
        return [
            sql("time >= {since}", since=instant(self.since)) if self.since is not None else ALWAYS,
            sql("time < {after}", after=instant(self.after)),
        ]

    @property
    def in_cut(self) -> Fragment:
        """Keep the events of the hours that are read from them, where there are some."""
        return some(map(_in_hour, self.of_events))

    @property
    def in_whole(self) -> Fragment:
        """Keep the events of all other hours."""
        return every(sql("NOT {in_hour}", in_hour=_in_hour(each)) for each in self.of_events)


def read_hours(
    selection: Selection, cut: Iterable[int], *, since: int | None, until: int | None
) -> ReadHours:
    """Say how a time is read.

    Args:
        selection: of whose events.
        cut: the hours inside which the question tells times apart.
        since: the first millisecond; None for all history.
        until: the first one after them; None for the latest.
    """
    latest = selection.latest
    after = latest + 1 if until is None else min(until, latest + 1)
    # Nothing is gathered that is later than the latest, so its hour is whole, though it is not over.
    is_whole = after > latest and selection.sees_all_gathered
    over = _hour(latest) + clock.HOUR if is_whole else _hour(after)
    of_events = [each for each in cut if (since is None or each >= _hour(since)) and each < over]
    if after > over:
        of_events.append(over)
    return ReadHours(since=since, after=after, over=over, of_events=tuple(of_events))


def of_events(selection: Selection, columns: Fragment, which: Iterable[Fragment]) -> Fragment:
    """Select columns of a project's events that meet some conditions and were not erased."""
    conditions = [
        sql("project_id = {project}", project=value("String", selection.project_id)),
        *which,
        *events_remain(selection),
    ]
    return sql(
        """\
SELECT {columns}
FROM events
WHERE {conditions}""",
        columns=columns,
        conditions=clauses(conditions),
    )


def _in_hour(begin: int) -> Fragment:
    """Keep an hour; its day besides, because the index has days."""
    return sql(
        "(toDate32(time) = {day} AND time >= {begin} AND time < {end})",
        day=day(begin),
        begin=instant(begin),
        end=instant(begin + clock.HOUR),
    )


def _hour(at: int) -> int:
    """Give the instant at which an instant's hour (UTC) begins."""
    return at // clock.HOUR * clock.HOUR
