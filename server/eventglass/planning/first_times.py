"""Whether a question may read when each person first did something, not all history, with the same answer.

Of events of a name, or of any, the first time of each person is gathered. That is all there is to know of
first events if nothing is asked of them but whose they are and when; else it tells where they are.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.conditions import EVERYTHING
from eventglass.planning.selection import Selection, Series
from insights.v1.aggregation_pb2 import Aggregation

# What is the same of two events of one person at one time.
_TOLD = {Aggregation.AGGREGATION_COUNT, Aggregation.AGGREGATION_UNIQUE_USERS}


@dataclass(frozen=True, slots=True)
class FirstTimes:
    """First times are read instead of events.

    Args:
        event: of which name; "" for any.
    """

    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    selection: Selection
    breakdown: Breakdown | None


# All of it must hold.
_NEEDED: tuple[Callable[[_Question], bool], ...] = (
    lambda asked: asked.selection.rollups,
    lambda asked: asked.breakdown is None,
    lambda asked: asked.selection.condition == EVERYTHING,
    lambda asked: all(each.first_time for each in asked.selection.series),
    lambda asked: all(each.condition == EVERYTHING for each in asked.selection.series),
    lambda asked: all(each.aggregation in _TOLD for each in asked.selection.series),
    lambda asked: len({each.event for each in asked.selection.series}) == 1,
)


def first_times(selection: Selection, breakdown: Breakdown | None = None) -> FirstTimes | None:
    """Find the first times to read instead of events; None: read events.

    Args:
        selection: what it looks at.
        breakdown: what it breaks the events down by.
    """
    asked = _Question(selection=selection, breakdown=breakdown)
    if not all(holds(asked) for holds in _NEEDED):
        return None
    return FirstTimes(selection.series[0].event)


def are_gathered(selection: Selection, series: Series, arrived_until: int | None) -> bool:
    """Tell whether first times tell at what time a series has each person's first event.

    Args:
        selection: what it looks at.
        series: the first events.
        arrived_until: it looks at what had arrived by then alone, in milliseconds; None: at all.
    """
    sees_all = arrived_until is None or selection.newest <= arrived_until
    return selection.rollups and series.condition == EVERYTHING and sees_all


def first_starts(selection: Selection, starting: Series, breakdown: Breakdown | None) -> FirstTimes | None:
    """Find the first times that are starts, of retention by the first event ever; None: read events.

    Args:
        selection: what it looks at.
        starting: the events that are starts.
        breakdown: what it breaks the persons down by.
    """
    of_starts = replace(
        selection,
        series=(replace(starting, first_time=True, aggregation=Aggregation.AGGREGATION_UNIQUE_USERS),),
    )
    return None if starting.first_time else first_times(of_starts, breakdown)
