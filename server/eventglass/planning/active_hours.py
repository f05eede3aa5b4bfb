"""Whether a question may read who was active in which hour instead of events, with the same answer.

One row then stands for all events of a person in an hour, as if they were at its begin. That changes nothing
if the question asks of events only whose they are and when, and if no instant that it tells times apart by
falls inside the hour. The few hours inside which one does are read from events; so is that of the latest
event, unless nothing that is gathered is later: an hour's row does not tell which of its events are.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.conditions import EVERYTHING
from eventglass.planning.cut_hours import cut_hours
from eventglass.planning.selection import Selection, Series
from insights.v1.aggregation_pb2 import Aggregation


@dataclass(frozen=True, slots=True)
class ActiveHours:
    """Hours are read instead of events.

    Args:
        cut: the hours, by the millisecond that they begin at, inside which something begins or ends.
    """

    cut: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    selection: Selection
    series: Sequence[Series]
    breakdown: Breakdown | None
    of_persons: bool


# All of it must hold, and what `active_hours` asks of instants.
_NEEDED: tuple[Callable[[_Question], bool], ...] = (
    lambda asked: asked.selection.rollups,
    lambda asked: asked.of_persons,
    lambda asked: asked.breakdown is None,
    lambda asked: asked.selection.condition == EVERYTHING,
    lambda asked: all(each.event == "" for each in asked.series),
    lambda asked: all(each.condition == EVERYTHING for each in asked.series),
    lambda asked: not any(each.first_time for each in asked.series),
)


def active_hours(
    selection: Selection,
    instants: Iterable[int],
    *,
    of_persons: bool,
    series: Sequence[Series] = (),
    breakdown: Breakdown | None = None,
) -> ActiveHours | None:
    """Find the hours to read instead of events; None: read events.

    Args:
        selection: what it looks at.
        instants: all that it tells times apart by but the latest: edges of buckets and windows, starts, ends;
            in milliseconds.
        of_persons: it asks of events only whose they are and when, and not how many there are.
        series: its events; those of the selection unless told.
        breakdown: what it breaks them down by.
    """
    asked = _Question(
        selection=selection,
        series=series or selection.series,
        breakdown=breakdown,
        of_persons=of_persons,
    )
    if not all(holds(asked) for holds in _NEEDED):
        return None
    cut = cut_hours(instants, selection.latest)
    return None if cut is None else ActiveHours(cut)


def counts_users(series: Iterable[Series]) -> bool:
    """Tell whether all numbers of series are of persons alone."""
    return all(each.aggregation == Aggregation.AGGREGATION_UNIQUE_USERS for each in series)
