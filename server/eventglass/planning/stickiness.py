"""Stickiness: whose, over which buckets, and who is active in one (semantics 14)."""

from dataclasses import dataclass, replace

from eventglass.planning.active_hours import ActiveHours, active_hours
from eventglass.planning.buckets import UNITS, edges
from eventglass.planning.scope import Scope
from eventglass.planning.selection import Selection, select
from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.query_spec_pb2 import QuerySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Stickiness:
    """Stickiness over the buckets of a range.

    Args:
        selection: whose events, in which range, under which conditions.
        edges: where buckets begin and the last one ends, in milliseconds.
        min_events: how many events make a person active in a bucket.
        cumulative: count persons who were active in at least so many buckets, not exactly so many.
        hours: the hours to read instead of events; None for events.
    """

    selection: Selection
    edges: tuple[int, ...]
    min_events: int
    cumulative: bool
    hours: ActiveHours | None


def stickiness_of(spec: QuerySpec, scope: Scope) -> Stickiness:
    """Resolve a valid spec."""
    selection = _of_persons(select(spec, scope))
    range_, unit = selection.ranges[0], UNITS[spec.granularity]
    buckets = edges(range_.start, range_.end, unit, selection.zone, selection.week_start)
    min_events = spec.stickiness.min_events or 1
    return Stickiness(
        selection=selection,
        edges=buckets,
        min_events=min_events,
        cumulative=spec.stickiness.cumulative,
        hours=active_hours(selection, (range_.start, range_.end, *buckets), of_persons=min_events == 1),
    )


def _of_persons(selection: Selection) -> Selection:
    """Count persons, whatever aggregation another chart of the same spec has."""
    users = Aggregation.AGGREGATION_UNIQUE_USERS
    series = tuple(replace(each, aggregation=users, operand=None) for each in selection.series)
    return replace(selection, series=series)
