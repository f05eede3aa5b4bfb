"""Rules of distributions (semantics 17)."""

from collections.abc import Iterator

from eventglass.errors import Violation
from eventglass.planning.selection import property_of
from eventglass.spec import counts, edges
from insights.v1.distribution_pb2 import DistributionOf
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.query_spec_pb2 import QuerySpec, Visualization

MOST_BINS = 1_000

_OF_A_PROPERTY = (DistributionOf.DISTRIBUTION_OF_UNSPECIFIED, DistributionOf.DISTRIBUTION_OF_PROPERTY)


def violations(spec: QuerySpec) -> Iterator[Violation]:
    """Check what a distribution is of, and its bins."""
    if spec.visualization != Visualization.VISUALIZATION_DISTRIBUTION:
        return
    yield from _of_property(spec)
    yield from edges.violations("query.distribution.edges", spec.distribution.edges)
    if spec.distribution.edges and spec.distribution.bins:
        yield Violation(
            field="query.distribution.bins",
            code="NOT_TOGETHER",
            description="is not possible with edges; give the edges of bins, or how many equal ones",
        )
    yield from counts.violations("query.distribution.bins", spec.distribution.bins, most=MOST_BINS)


def _of_property(spec: QuerySpec) -> Iterator[Violation]:
    """Ask for a property where one is read, once; refuse it elsewhere."""
    selectors = list(spec.events[:1]) or [EventSelector()]
    own = selectors[0].aggregation_property
    if spec.distribution.of in _OF_A_PROPERTY:
        if not property_of(selectors[0], spec):
            yield Violation(
                field="query.aggregation_property",
                code="REQUIRED",
                description='is required by DISTRIBUTION_OF_PROPERTY; name the property, such as "revenue"',
            )
        if own and spec.aggregation_property:
            yield _unread("query.aggregation_property", "the event has its own")
        return
    reason = f"{DistributionOf.Name(spec.distribution.of)} reads no property"
    if own:
        yield _unread("query.events[0].aggregation_property", reason)
    if spec.aggregation_property:
        yield _unread("query.aggregation_property", reason)


def _unread(field: str, reason: str) -> Violation:
    return Violation(field=field, code="UNUSED_FIELD", description=f"is not used: {reason}; leave it out")
