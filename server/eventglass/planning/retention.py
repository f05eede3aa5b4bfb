"""Retention: who starts, who returns, and over which periods (semantics 12)."""

import enum
from dataclasses import dataclass

from eventglass.planning import zone as clock
from eventglass.planning.active_hours import ActiveHours, active_hours
from eventglass.planning.breakdowns import DEFAULT_LIMIT, Breakdown, breakdown_of
from eventglass.planning.buckets import UNITS, Unit, edges
from eventglass.planning.first_times import FirstTimes, first_starts
from eventglass.planning.scope import Scope
from eventglass.planning.selection import Selection, Series, select, series_of
from insights.v1.query_spec_pb2 import QuerySpec
from insights.v1.retention_pb2 import RetentionCohort, RetentionReturning


class Cohorts(enum.Enum):
    """When a person is in a period's cohort."""

    FIRST_EVER = enum.auto()
    FIRST_IN_RANGE = enum.auto()
    RECURRING = enum.auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Retention over the periods of a range.

    Args:
        selection: whose events, in which range, under which conditions.
        starting: the events that put a person into a cohort.
        returning: the events that count as a return.
        cohorts: when a person is in one.
        on_or_after: a return counts for all periods before it, too.
        length: milliseconds of a person's own periods; None for calendar ones.
        edges: where calendar periods begin and the last one ends, in milliseconds.
        cells: per cohort at most.
        hours: the hours to read instead of events; None for events.
        first_times: those to read instead of events that are starts; None for events.
    """

    selection: Selection
    starting: Series
    returning: Series
    cohorts: Cohorts
    on_or_after: bool
    length: int | None
    edges: tuple[int, ...]
    cells: int
    breakdown: Breakdown | None
    hours: ActiveHours | None
    first_times: FirstTimes | None

    @property
    def start(self) -> int:
        """The first millisecond that counts; with FIRST_EVER, but for starts."""
        return self.selection.ranges[0].start

    @property
    def end(self) -> int:
        """The first millisecond that does not count."""
        return self.selection.ranges[0].end


LENGTHS = {Unit.HOUR: clock.HOUR, Unit.DAY: clock.DAY, Unit.WEEK: 7 * clock.DAY}


def retention_of(spec: QuerySpec, scope: Scope) -> Retention:
    """Resolve a valid spec."""
    selection = select(spec, scope)
    options = spec.retention
    unit = UNITS[spec.granularity]
    returning_event = spec.return_event if spec.HasField("return_event") else spec.starting_event
    range_ = selection.ranges[0]
    periods = edges(range_.start, range_.end, unit, selection.zone, selection.week_start)
    starting = series_of(spec.starting_event, spec, selection.zone)
    returning = series_of(returning_event, spec, selection.zone)
    length = LENGTHS[unit] if options.rolling else None
    breakdown = breakdown_of(spec, default_limit=DEFAULT_LIMIT)
    cohorts = _COHORTS[options.cohort]
    hours = active_hours(
        selection,
        (range_.start, range_.end, *periods),
        of_persons=length is None,
        series=(starting, returning),
        breakdown=breakdown,
    )
    return Retention(
        selection=selection,
        starting=starting,
        returning=returning,
        cohorts=cohorts,
        on_or_after=options.returning == RetentionReturning.RETENTION_RETURNING_ON_OR_AFTER,
        length=length,
        edges=periods,
        cells=options.periods or len(periods) - 1,
        breakdown=breakdown,
        hours=hours,
        first_times=first_starts(selection, starting, breakdown)
        if hours is None and cohorts is Cohorts.FIRST_EVER
        else None,
    )


_COHORTS = {
    RetentionCohort.RETENTION_COHORT_UNSPECIFIED: Cohorts.FIRST_EVER,
    RetentionCohort.RETENTION_COHORT_FIRST_EVER: Cohorts.FIRST_EVER,
    RetentionCohort.RETENTION_COHORT_FIRST_IN_RANGE: Cohorts.FIRST_IN_RANGE,
    RetentionCohort.RETENTION_COHORT_RECURRING: Cohorts.RECURRING,
}
