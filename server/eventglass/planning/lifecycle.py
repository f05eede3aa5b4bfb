"""A lifecycle: whose, and over which buckets (semantics 13)."""

from dataclasses import dataclass

from eventglass.planning.active_hours import ActiveHours, active_hours
from eventglass.planning.buckets import UNITS, edges
from eventglass.planning.scope import Scope
from eventglass.planning.selection import Selection, Series, select
from insights.v1.query_spec_pb2 import QuerySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """A lifecycle over the buckets of a range.

    Args:
        selection: whose events, in which range, under which conditions.
        edges: where buckets begin and the last one ends, in milliseconds; the bucket before the
            range's first one comes first.
        hours: the hours to read instead of events; None for events.
    """

    selection: Selection
    edges: tuple[int, ...]
    hours: ActiveHours | None

    @property
    def series(self) -> Series:
        """The events that make a person active."""
        return self.selection.series[0]

    @property
    def start(self) -> int:
        """The first millisecond in which somebody is active."""
        return self.selection.ranges[0].start

    @property
    def cuts_first(self) -> bool:
        """Tell whether the range begins inside its first bucket."""
        return self.start > self.edges[1]

    @property
    def end(self) -> int:
        """The first millisecond that does not count."""
        return self.selection.ranges[0].end


def lifecycle_of(spec: QuerySpec, scope: Scope) -> Lifecycle:
    """Resolve a valid spec."""
    selection = select(spec, scope)
    range_, unit = selection.ranges[0], UNITS[spec.granularity]
    shown = edges(range_.start, range_.end, unit, selection.zone, selection.week_start)
    before = edges(shown[0] - 1, shown[0], unit, selection.zone, selection.week_start)
    return Lifecycle(
        selection=selection,
        edges=(before[0], *shown),
        hours=active_hours(selection, (before[0], *shown, range_.start, range_.end), of_persons=True),
    )
