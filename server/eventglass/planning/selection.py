"""What a spec looks at: whose events, which series of them, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from eventglass.catalog.project import WeekStart
from eventglass.planning import zone as clock
from eventglass.planning.audience import membership
from eventglass.planning.conditions import AllOf, Condition
from eventglass.planning.counted import Counted
from eventglass.planning.filters import condition_of
from eventglass.planning.people import People
from eventglass.planning.properties import Operand, operand
from eventglass.planning.ranges import MAIN, Range, compared
from eventglass.planning.rollups import EVENT_HOURS
from eventglass.planning.scope import Scope
from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.query_spec_pb2 import QuerySpec

ANY_EVENT = "any event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One series: events, and the number that is computed of them.

    Args:
        label: what the answer calls it.
        event: the name of its events; "" for any.
        condition: what else must hold of them.
        first_time: only each person's first such event in all history.
        aggregation: the number.
        operand: what the number is read from, for aggregations that read something.
    """

    label: str
    event: str
    condition: Condition
    first_time: bool
    aggregation: Aggregation
    operand: Operand | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is looked at.

    Args:
        ranges: the main one, then the comparisons.
        condition: what must hold of every event.
        now: milliseconds.
        people: what is known of the persons.
        newest: when the newest event arrived that it sees for sure, in milliseconds; 0: there is none.
        rollups: what is gathered of events may be read instead of them, where the answer is the same.
        counted: what is gathered of counts; None: nothing.
        gathered: tables of rollups, and until when arrivals are in them, in milliseconds.
    """

    project_id: str
    series: tuple[Series, ...]
    ranges: tuple[Range, ...]
    condition: Condition
    zone: ZoneInfo
    week_start: WeekStart
    now: int
    people: People
    newest: int
    rollups: bool = True
    counted: Counted | None = None
    gathered: Mapping[str, int] = field(default_factory=dict)

    @property
    def latest(self) -> int:
        """The last millisecond of which there are events; later ones do not exist for the question.

        No event is later than it arrived (ingest/clock.py). So while nothing arrives, a question has one
        statement whenever it is asked, and one answer that is kept.
        """
        return min(self.now, self.newest) if self.newest else self.now

    @property
    def sees_all_gathered(self) -> bool:
        """Whether all that is gathered of events (ingest/rollups.py) is of `latest` or earlier.

        It arrived ten minutes before it was gathered, longer than a question takes: no later than the newest
        event. Not so where that is newer than now: another server's clock may be ahead of this one's.
        """
        return 0 < self.newest <= self.now

    @property
    def latest_trait(self) -> int:
        """The last millisecond since which a trait can be so; none is so since later than it was told."""
        return min(self.now, self.people.version)


def select(spec: QuerySpec, scope: Scope) -> Selection:
    """Resolve a valid spec's events, ranges and conditions."""
    zone = ZoneInfo(spec.timezone or scope.project.timezone)
    main = Range(
        label=MAIN, start=spec.time_range.start.ToMilliseconds(), end=spec.time_range.end.ToMilliseconds()
    )
    return Selection(
        project_id=scope.project.id,
        series=tuple(series_of(each, spec, zone) for each in spec.events or [EventSelector()]),
        ranges=(main, *(compared(each, main, zone) for each in spec.comparisons)),
        condition=_condition(spec, scope, zone),
        zone=zone,
        week_start=scope.project.week_start,
        now=clock.instant(scope.now),
        people=scope.people,
        rollups=scope.rollups,
        counted=_counted(scope),
        newest=scope.newest,
        gathered={**scope.gathered, **({EVENT_HOURS: scope.counted.until} if scope.counted else {})},
    )


def _counted(scope: Scope) -> Counted | None:
    """Give what is gathered of counts; of properties, of those that have columns now."""
    counted = scope.counted
    if counted is None:
        return None
    properties, summed = counted.properties & scope.promoted, counted.summed & scope.promoted
    return replace(counted, properties=properties, summed=summed)


def _condition(spec: QuerySpec, scope: Scope, zone: ZoneInfo) -> Condition:
    asked = condition_of(spec.filters, spec.where if spec.HasField("where") else None, zone)
    if scope.audience is None:
        return asked
    return AllOf((membership(scope.audience, ZoneInfo(scope.project.timezone)), asked))


def series_of(selector: EventSelector, spec: QuerySpec, zone: ZoneInfo) -> Series:
    """Resolve an event selector."""
    aggregation = aggregation_of(selector, spec)
    return Series(
        label=selector.label or selector.name or ANY_EVENT,
        event=selector.name,
        condition=condition_of(
            selector.filters, selector.where if selector.HasField("where") else None, zone
        ),
        first_time=selector.first_time,
        aggregation=aggregation,
        operand=operand(property_of(selector, spec)) if aggregation in READS_PROPERTY else None,
    )


def aggregation_of(selector: EventSelector, spec: QuerySpec) -> Aggregation:
    """Resolve a series' aggregation: its own, else the spec's, else COUNT."""
    own = selector.aggregation if selector.HasField("aggregation") else Aggregation.AGGREGATION_UNSPECIFIED
    return own or spec.aggregation or Aggregation.AGGREGATION_COUNT


def property_of(selector: EventSelector, spec: QuerySpec) -> str:
    """Resolve a series' aggregation property: its own, else the spec's; "" for none."""
    return selector.aggregation_property or spec.aggregation_property


NUMERIC = frozenset(
    {
        Aggregation.AGGREGATION_SUM,
        Aggregation.AGGREGATION_AVERAGE,
        Aggregation.AGGREGATION_MIN,
        Aggregation.AGGREGATION_MAX,
        Aggregation.AGGREGATION_MEDIAN,
        Aggregation.AGGREGATION_P90,
        Aggregation.AGGREGATION_P95,
        Aggregation.AGGREGATION_P99,
    }
)

READS_PROPERTY = NUMERIC | {Aggregation.AGGREGATION_DISTINCT_VALUES}

OF_SESSIONS = frozenset(
    {
        Aggregation.AGGREGATION_SESSIONS,
        Aggregation.AGGREGATION_AVERAGE_SESSION_DURATION,
        Aggregation.AGGREGATION_BOUNCE_RATE,
        Aggregation.AGGREGATION_EVENTS_PER_SESSION,
    }
)

# What nothing adds up to: 0 for these, absent for every quotient, extreme and percentile.
ZERO_OF_NOTHING = frozenset(
    {
        Aggregation.AGGREGATION_COUNT,
        Aggregation.AGGREGATION_UNIQUE_USERS,
        Aggregation.AGGREGATION_UNIQUE_SESSIONS,
        Aggregation.AGGREGATION_SUM,
        Aggregation.AGGREGATION_DISTINCT_VALUES,
        Aggregation.AGGREGATION_SESSIONS,
    }
)


def of_nothing(aggregation: Aggregation) -> float | None:
    """What an aggregation of no events is (semantics 1.9)."""
    return 0.0 if aggregation in ZERO_OF_NOTHING else None
