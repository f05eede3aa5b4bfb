"""Whether a question may read how many events there were in which hour instead of them, with the same answer.

One row then stands for all events of a name in an hour, as if they were at its begin; or for those of them
with one value of a property. That changes nothing if the question only counts events, and asks for their
names and this property at most, and if no instant that it tells times apart by falls inside the hour. Where
one does, events are read as in planning/active_hours.py.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.conditions import operands
from eventglass.planning.counted import Counted
from eventglass.planning.cut_hours import cut_hours
from eventglass.planning.properties import EventProperty, Fact, Operand
from eventglass.planning.selection import Selection
from insights.v1.aggregation_pb2 import Aggregation


@dataclass(frozen=True, slots=True)
class EventHours:
    """Counts of hours are read instead of events.

    Args:
        cut: the hours, by the millisecond that they begin at, inside which something begins or ends.
        counted: what is gathered.
        property: by whose values, too; None: by names alone.
        summed: the properties whose numbers are summed.
    """

    cut: tuple[int, ...]
    counted: Counted
    property: str | None = None
    summed: tuple[str, ...] = ()


_OF_MANY = {
    Aggregation.AGGREGATION_COUNT,
    Aggregation.AGGREGATION_SUM,
    Aggregation.AGGREGATION_AVERAGE,
}

# All of it must hold, and what `event_hours` asks of instants.
_NEEDED: tuple[Callable[[Selection], bool], ...] = (
    lambda asked: asked.rollups,
    lambda asked: all(each.aggregation in _OF_MANY for each in asked.series),
    lambda asked: not any(each.first_time for each in asked.series),
)


def event_hours(
    selection: Selection,
    instants: Iterable[int],
    breakdown: Breakdown | None = None,
    *,
    arrived_until: int | None = None,
) -> EventHours | None:
    """Find the hours whose counts to read instead of events; None: read events.

    Args:
        selection: what it looks at.
        instants: all that it tells times apart by but the latest: edges of buckets, starts, ends; in
            milliseconds.
        breakdown: what it breaks the events down by.
        arrived_until: it looks at what had arrived by then alone, in milliseconds; None: at all.
    """
    counted = selection.counted
    if counted is None or not all(holds(selection) for holds in _NEEDED):
        return None
    # What arrived later than that may be in the counts, if there is any.
    if arrived_until is not None and arrived_until < min(selection.newest, counted.until - 1):
        return None
    named = set(_operands(selection, breakdown)) - {Fact.EVENT_NAME}
    properties = [each.name for each in named if isinstance(each, EventProperty)]
    if len(named) > 1 or len(properties) < len(named) or not counted.properties.issuperset(properties):
        return None
    summed = {each.operand for each in selection.series if each.operand is not None}
    names = {each.name for each in summed if isinstance(each, EventProperty)} & counted.summed
    cut = cut_hours(instants, selection.latest)
    if cut is None or len(names) < len(summed):
        return None
    return EventHours(cut, counted, next(iter(properties), None), tuple(sorted(names)))


def _operands(selection: Selection, breakdown: Breakdown | None) -> Iterator[Operand | None]:
    """Name what is asked of events; None for what they alone do not tell."""
    for each in (selection.condition, *(series.condition for series in selection.series)):
        yield from operands(each)
    if breakdown is not None:
        yield from breakdown.operands
        yield None if breakdown.edges and breakdown.operands[0] is Fact.EVENT_NAME else Fact.EVENT_NAME
