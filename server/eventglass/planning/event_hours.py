"""Whether a question may read how many events there were in which hour instead of them, with the same answer.

One row then stands for all events of a name in an hour, as if they were at its begin. That changes nothing if
the question only counts events, by their names at most, and if no instant that it tells times apart by falls
inside the hour. Where one does, events are read as in planning/active_hours.py.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.conditions import EVERYTHING
from eventglass.planning.counted import Counted
from eventglass.planning.cut_hours import cut_hours
from eventglass.planning.properties import Fact
from eventglass.planning.selection import Selection
from insights.v1.aggregation_pb2 import Aggregation


@dataclass(frozen=True, slots=True)
class EventHours:
    """Counts of hours are read instead of events.

    Args:
        cut: the hours, by the millisecond that they begin at, inside which something begins or ends.
        counted: what is gathered.
    """

    cut: tuple[int, ...]
    counted: Counted


# All of it must hold, and what `event_hours` asks of instants.
_NEEDED: tuple[Callable[[Selection], bool], ...] = (
    lambda asked: asked.rollups,
    lambda asked: asked.condition == EVERYTHING,
    lambda asked: all(each.aggregation == Aggregation.AGGREGATION_COUNT for each in asked.series),
    lambda asked: all(each.condition == EVERYTHING for each in asked.series),
    lambda asked: not any(each.first_time for each in asked.series),
)


def event_hours(
    selection: Selection, instants: Iterable[int], breakdown: Breakdown | None = None
) -> EventHours | None:
    """Find the hours whose counts to read instead of events; None: read events.

    Args:
        selection: what it looks at.
        instants: all that it tells times apart by but now: edges of buckets, starts, ends; in milliseconds.
        breakdown: what it breaks the events down by.
    """
    if selection.counted is None or not _is_of_names(breakdown):
        return None
    if not all(holds(selection) for holds in _NEEDED):
        return None
    cut = cut_hours(instants, selection.now)
    return None if cut is None else EventHours(cut, selection.counted)


def _is_of_names(breakdown: Breakdown | None) -> bool:
    return breakdown is None or (breakdown.operands == (Fact.EVENT_NAME,) and not breakdown.edges)
