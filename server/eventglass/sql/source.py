"""What matched rows are made of, and the columns they have.

A matched row is one event (or session) in one series and one range. Its columns: `series` and
`comparison` (positions), `bucket` (the instant it begins at, milliseconds; only where there are
buckets), `dimension_0` … (typed values, see sql/values.py) and the inputs of the measures (see
sql/aggregations.py).
"""

from dataclasses import dataclass

from eventglass.planning.active_hours import ActiveHours
from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.event_hours import EventHours
from eventglass.planning.first_times import FirstTimes
from eventglass.planning.selection import OF_SESSIONS, Selection, Series
from eventglass.sql import values
from eventglass.sql.aggregations import Input, Measure, column
from eventglass.sql.erasures import events_remain
from eventglass.sql.fragment import Fragment, sql, value
from eventglass.sql.when import instant

Numbered = list[tuple[int, Series]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What matched rows are made of.

    Args:
        edges: bucket edges per range, in milliseconds; empty where there are no buckets.
        arrived_until: only events that had arrived by then (milliseconds), to pin pages; None: all.
        hours: who was active in which hour, how many events there were, or when each person did something
            first, is read instead of events; None: events are.
        gathered_sessions: when sessions have events is read instead of events, for series of sessions.
    """

    selection: Selection
    measures: tuple[Measure, ...]
    breakdown: Breakdown | None
    edges: tuple[tuple[int, ...], ...] = ()
    arrived_until: int | None = None
    hours: ActiveHours | EventHours | FirstTimes | None = None
    gathered_sessions: bool = False

    @property
    def event_series(self) -> Numbered:
        """The series whose rows are events."""
        return [each for each in enumerate(self.selection.series) if each[1].aggregation not in OF_SESSIONS]

    @property
    def session_series(self) -> Numbered:
        """The series whose rows are sessions."""
        return [each for each in enumerate(self.selection.series) if each[1].aggregation in OF_SESSIONS]

    @property
    def since(self) -> int:
        """The first millisecond of all ranges."""
        return min(each.start for each in self.selection.ranges)

    @property
    def until(self) -> int:
        """The first millisecond after all ranges."""
        return max(each.end for each in self.selection.ranges)

    @property
    def inputs(self) -> dict[str, tuple[Input, Measure]]:
        """What the measures read, by the names of the columns."""
        return {
            column(measure, each): (each, measure)
            for measure in self.measures
            for call in measure.recipe.calls
            for each in call.inputs
            if each is not Input.ROW
        }


def dimensions(breakdown: Breakdown | None) -> list[str]:
    """Name the dimension columns."""
    return [f"dimension_{position}" for position in range(len(breakdown.operands))] if breakdown else []


def dimension_values(breakdown: Breakdown | None) -> list[Fragment]:
    """Read an event's value of each dimension."""
    if breakdown is None:
        return []
    first, *others = breakdown.operands
    return [
        values.numbered(first, breakdown.edges) if breakdown.edges else values.typed(first),
        *map(values.typed, others),
    ]


def of_project(source: Source) -> list[Fragment]:
    """Keep a project's events, of those that had arrived and were not erased; hours are such already."""
    if source.hours is not None:
        return []
    conditions = [sql("project_id = {project}", project=value("String", source.selection.project_id))]
    if source.arrived_until is not None:
        conditions.append(sql("received_at <= {at}", at=instant(source.arrived_until)))
    return [*conditions, *events_remain(source.selection)]


def named(names: list[str]) -> Fragment:
    """Keep events of some names."""
    different = tuple(dict.fromkeys(names))
    if len(different) == 1:
        return sql("event = {name}", name=value("String", different[0]))
    return sql("event IN {names}", names=value("Array(String)", different))
