"""Rules of event selectors and of what is computed of their events."""

from collections.abc import Iterator

from eventglass.errors import Violation
from eventglass.planning.selection import READS_PROPERTY, aggregation_of, property_of
from eventglass.spec import filters
from eventglass.spec.fields import used
from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.query_spec_pb2 import QuerySpec, Visualization


def violations(spec: QuerySpec) -> Iterator[Violation]:
    """Check every selector, and every property that an aggregation reads."""
    for position, selector in enumerate(spec.events):
        yield from filters.violations(f"query.events[{position}]", selector)
    uses = used(spec)
    if uses.most_events is not None and len(spec.events) > uses.most_events:
        yield Violation(
            field="query.events",
            code="TOO_MANY",
            description=f"holds {len(spec.events)}; {_kind(spec)} takes at most {uses.most_events}",
        )
    if uses.aggregations:
        yield from _of_aggregations(spec)
    if uses.aggregations & READS_PROPERTY:
        yield from _of_properties(spec)


def _of_aggregations(spec: QuerySpec) -> Iterator[Violation]:
    """Check that the visualization can compute what is asked for."""
    possible = used(spec).aggregations
    for position, selector in enumerate(spec.events or [EventSelector()]):
        if aggregation_of(selector, spec) not in possible:
            path = f"query.events[{position}].aggregation" if selector.aggregation else "query.aggregation"
            choice = " or ".join(map(Aggregation.Name, sorted(possible)))
            yield Violation(
                field=path,
                code="NOT_TOGETHER",
                description=f"is not possible with {_kind(spec)}; choose {choice}",
            )


def _of_properties(spec: QuerySpec) -> Iterator[Violation]:
    selectors = list(spec.events) or [EventSelector()]
    reads_shared = False
    lacks_shared = False
    for position, selector in enumerate(selectors):
        path = f"query.events[{position}]"
        aggregation = aggregation_of(selector, spec)
        reads = aggregation in READS_PROPERTY
        if selector.aggregation_property:
            if not reads:
                yield _unread(f"{path}.aggregation_property", Aggregation.Name(aggregation))
            continue
        reads_shared = reads_shared or reads
        if reads and not property_of(selector, spec):
            if selector.aggregation:
                yield _unsaid(f"{path}.aggregation_property", Aggregation.Name(aggregation))
            elif not lacks_shared:
                lacks_shared = True
                yield _unsaid("query.aggregation_property", Aggregation.Name(aggregation))
    if spec.aggregation_property and not reads_shared:
        yield _unread("query.aggregation_property", "no event")


def _kind(spec: QuerySpec) -> str:
    return Visualization.Name(spec.visualization or Visualization.VISUALIZATION_LINE)


def _unsaid(path: str, aggregation: str) -> Violation:
    return Violation(
        field=path,
        code="REQUIRED",
        description=f'is required by {aggregation}; name the property to read, such as "revenue"',
    )


def _unread(path: str, by: str) -> Violation:
    reader = "no event's aggregation reads it" if by == "no event" else f"{by} reads no property"
    return Violation(
        field=path,
        code="UNUSED_FIELD",
        description=f"{reader}; leave it out, or choose an aggregation such as AGGREGATION_SUM",
    )
