"""Rules of rolling windows (semantics 4.6)."""

from collections.abc import Iterator

from eventglass.catalog.project import Project
from eventglass.errors import Violation
from eventglass.planning.buckets import UNITS, edges
from eventglass.planning.durations import milliseconds
from eventglass.planning.rolling import rolling_of
from eventglass.planning.selection import aggregation_of
from eventglass.spec import durations, size
from eventglass.spec.fields import has_buckets
from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.query_spec_pb2 import QuerySpec

LONGEST_DAYS = 366
# Of the longest series: where each bucket begins and its window starts, and the two ends of the range.
MOST_MOMENTS = 2 * size.POINTS_PER_SERIES + 2


def violations(spec: QuerySpec) -> Iterator[Violation]:
    """Check the window's length, and that it is users who are counted."""
    if not spec.HasField("rolling_window"):
        return
    yield from durations.violations("query.rolling_window", spec.rolling_window, longest_days=LONGEST_DAYS)
    asked = {aggregation_of(each, spec) for each in spec.events or [EventSelector()]}
    others = asked - {Aggregation.AGGREGATION_UNIQUE_USERS}
    if others:
        yield Violation(
            field="query.rolling_window",
            code="UNUSED_FIELD",
            description=(
                f"counts users, not {Aggregation.Name(min(others))}; "
                "ask for AGGREGATION_UNIQUE_USERS everywhere, or leave it out"
            ),
        )


def of_moments(spec: QuerySpec, project: Project) -> Iterator[Violation]:
    """Count the instants at which windows start and end, of all ranges; these and the points are valid."""
    if not (spec.HasField("rolling_window") and has_buckets(spec)) or any(violations(spec)):
        return
    ranges, zone = size.ranges_of(spec, project)
    unit = UNITS[spec.granularity]
    found = [edges(each.start, each.end, unit, zone, project.week_start) for each in ranges]
    if 2 * sum(map(len, found)) <= MOST_MOMENTS:
        return
    moments = rolling_of(ranges, found, milliseconds(spec.rolling_window), unit, zone).moments
    if len(moments) > MOST_MOMENTS:
        yield Violation(
            field="query.rolling_window",
            code="TOO_MANY",
            description=(
                f"starts and ends at {len(moments):,} instants in all ranges; at most {MOST_MOMENTS:,} are "
                "possible: choose a coarser granularity, fewer comparisons or a shorter range"
            ),
        )
