"""A heatmap: whose, and how the local clock runs meanwhile (semantics 15)."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from eventglass.planning import zone as clock
from eventglass.planning.active_hours import ActiveHours, active_hours, counts_users
from eventglass.planning.event_hours import EventHours, event_hours
from eventglass.planning.scope import Scope
from eventglass.planning.selection import Selection, select
from insights.v1.query_spec_pb2 import QuerySpec

HOURS_OF_A_DAY = 24
CELLS = 7 * HOURS_OF_A_DAY
_WEEK = CELLS * clock.HOUR

# 1970 began on a Thursday.
SINCE_MONDAY = 3 * clock.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part `[begin, end)` of the range in which the clock is as far `ahead` of UTC; milliseconds."""

    begin: int
    end: int
    ahead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heatmap:
    """A heatmap of a range.

    Args:
        selection: whose events, in which range, under which conditions.
        stretches: the range, cut where the clock is changed.
        hours: the hours to read instead of events; None for events.
    """

    selection: Selection
    stretches: tuple[Stretch, ...]
    hours: ActiveHours | EventHours | None

    @property
    def counts_users(self) -> bool:
        """Tell whether users are counted, not events."""
        return counts_users(self.selection.series)


def heatmap_of(spec: QuerySpec, scope: Scope) -> Heatmap:
    """Resolve a valid spec."""
    selection = select(spec, scope)
    range_ = selection.ranges[0]
    stretches = _stretches(range_.start, range_.end, selection.zone)
    # Else every hour of the local clock begins inside one of UTC.
    is_by_hours = all(each.ahead % clock.HOUR == 0 for each in stretches)
    return Heatmap(
        selection=selection, stretches=stretches, hours=_hours(selection, stretches) if is_by_hours else None
    )


def _hours(selection: Selection, stretches: Iterable[Stretch]) -> ActiveHours | EventHours | None:
    instants = [at for each in stretches for at in (each.begin, each.end)]
    of_persons = counts_users(selection.series)
    return active_hours(selection, instants, of_persons=of_persons) or event_hours(selection, instants)


def hours(stretches: Iterable[Stretch]) -> list[float]:
    """Measure how many hours of some stretches fall in each cell of the week, Monday's first hour first."""
    lengths = [0] * CELLS
    for stretch in stretches:
        weeks = (stretch.end - stretch.begin) // _WEEK
        lengths = [length + weeks * clock.HOUR for length in lengths]
        at = stretch.begin + weeks * _WEEK
        while at < stretch.end:
            shown = at + stretch.ahead + SINCE_MONDAY
            following = min(at + clock.HOUR - shown % clock.HOUR, stretch.end)
            lengths[shown // clock.HOUR % CELLS] += following - at
            at = following
    return [length / clock.HOUR for length in lengths]


def _stretches(start: int, end: int, zone: ZoneInfo) -> tuple[Stretch, ...]:
    edges = [start, *clock.changes(start, end - 1, zone), end]
    return tuple(
        Stretch(begin=begin, end=finish, ahead=clock.offset(begin, zone)) for begin, finish in pairwise(edges)
    )
