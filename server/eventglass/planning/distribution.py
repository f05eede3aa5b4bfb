"""A distribution: of which numbers, over which bins (semantics 17)."""

from dataclasses import dataclass, replace

from eventglass.planning.breakdowns import without_sign_of_zero
from eventglass.planning.gathered_sessions import reads_gathered_sessions
from eventglass.planning.properties import operand
from eventglass.planning.scope import Scope
from eventglass.planning.selection import Selection, property_of, select
from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.distribution_pb2 import DistributionOf
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.query_spec_pb2 import QuerySpec

DEFAULT_BINS = 10

# The aggregation that reads what a distribution is of, so that both are of the same rows.
_READ_BY = {
    DistributionOf.DISTRIBUTION_OF_PROPERTY: Aggregation.AGGREGATION_MEDIAN,
    DistributionOf.DISTRIBUTION_OF_EVENTS_PER_USER: Aggregation.AGGREGATION_COUNT_PER_USER,
    DistributionOf.DISTRIBUTION_OF_SESSION_LENGTH: Aggregation.AGGREGATION_AVERAGE_SESSION_DURATION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """A distribution of numbers.

    Args:
        selection: whose events, in which range, under which conditions; its one series is of the
            aggregation that reads the numbers.
        of: what the numbers are.
        edges: of given bins; empty for equal ones.
        bins: how many equal ones.
        gathered_sessions: what is gathered of sessions is read instead of their events.
    """

    selection: Selection
    of: DistributionOf
    edges: tuple[float, ...]
    bins: int
    gathered_sessions: bool


def distribution_of(spec: QuerySpec, scope: Scope) -> Distribution:
    """Resolve a valid spec."""
    options = spec.distribution
    of = options.of or DistributionOf.DISTRIBUTION_OF_PROPERTY
    selection = select(spec, scope)
    name = property_of(spec.events[0] if spec.events else EventSelector(), spec)
    read = replace(selection.series[0], aggregation=_READ_BY[of], operand=operand(name) if name else None)
    asked = replace(selection, series=(read,))
    return Distribution(
        selection=asked,
        of=of,
        edges=without_sign_of_zero(options.edges),
        bins=options.bins or DEFAULT_BINS,
        gathered_sessions=reads_gathered_sessions(asked),
    )
