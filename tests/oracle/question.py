"""What a spec asks, with every default written out."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.query_spec_pb2 import QuerySpec
from insights.v1.time_pb2 import Granularity
from tests.oracle.buckets import Span
from tests.oracle.comparisons import comparison_label, comparison_span, span_of
from tests.oracle.history import milliseconds_of

DEFAULT_LIMIT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A range of time to answer for; the label of the main one is ""."""

    label: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A spec together with what it depends on. `now` is in milliseconds; the main range comes first."""

    spec: QuerySpec
    zone: ZoneInfo
    week_start: str
    now: int
    ranges: tuple[Range, ...]

    @property
    def granularity(self) -> Granularity:
        """The size of the buckets."""
        return self.spec.granularity or Granularity.GRANULARITY_DAY

    @property
    def selectors(self) -> list[EventSelector]:
        """One per series; without any there is one of any event."""
        return list(self.spec.events) or [EventSelector()]

    @property
    def limit(self) -> int:
        """How many values a breakdown keeps."""
        return self.spec.breakdown.limit or DEFAULT_LIMIT

    @property
    def has_breakdown(self) -> bool:
        """Whether there is a breakdown."""
        return self.spec.HasField("breakdown")


def question(spec: QuerySpec, *, now: datetime, timezone: str, week_start: str) -> Question:
    """Write out a spec's defaults; `timezone` and `week_start` are the project's."""
    zone = ZoneInfo(spec.timezone or timezone or "UTC")
    main = span_of(spec.time_range)
    others = [
        Range(label=comparison_label(comparison), span=comparison_span(comparison, main, zone))
        for comparison in spec.comparisons
    ]
    return Question(
        spec=spec,
        zone=zone,
        week_start=week_start,
        now=milliseconds_of(now),
        ranges=(Range(label="", span=main), *others),
    )


def aggregation_of(spec: QuerySpec, selector: EventSelector) -> Aggregation:
    """The selector's own aggregation, else the spec's, else COUNT."""
    return selector.aggregation or spec.aggregation or Aggregation.AGGREGATION_COUNT


def property_of(spec: QuerySpec, selector: EventSelector) -> str:
    """The selector's own aggregation property, else the spec's."""
    return selector.aggregation_property or spec.aggregation_property


def label_of(selector: EventSelector) -> str:
    """What the answer calls a series."""
    return selector.label or selector.name or "any event"
