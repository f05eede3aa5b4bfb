"""Whether a question may read when sessions have events instead of the events, with the same answer.

What is gathered of a session tells when it begins and ends, and whether it has one event. That is the answer
if every session counts, whatever its events are, and nobody asks how many these are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.conditions import EVERYTHING
from eventglass.planning.selection import OF_SESSIONS, Selection, Series
from insights.v1.aggregation_pb2 import Aggregation

_TOLD = OF_SESSIONS - {Aggregation.AGGREGATION_EVENTS_PER_SESSION}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    selection: Selection
    of_sessions: Sequence[Series]
    breakdown: Breakdown | None


# All of it must hold.
_NEEDED: tuple[Callable[[_Question], bool], ...] = (
    lambda asked: asked.selection.rollups,
    lambda asked: bool(asked.of_sessions),
    lambda asked: asked.breakdown is None,
    lambda asked: asked.selection.condition == EVERYTHING,
    lambda asked: all(each.event == "" for each in asked.of_sessions),
    lambda asked: all(each.condition == EVERYTHING for each in asked.of_sessions),
    lambda asked: not any(each.first_time for each in asked.of_sessions),
    lambda asked: all(each.aggregation in _TOLD for each in asked.of_sessions),
)


def reads_gathered_sessions(selection: Selection, breakdown: Breakdown | None = None) -> bool:
    """Tell whether the series of sessions of a selection can be read from what is gathered.

    Args:
        selection: what it looks at.
        breakdown: what it breaks it down by.
    """
    of_sessions = [each for each in selection.series if each.aggregation in OF_SESSIONS]
    asked = _Question(selection=selection, of_sessions=of_sessions, breakdown=breakdown)
    return all(holds(asked) for holds in _NEEDED)
