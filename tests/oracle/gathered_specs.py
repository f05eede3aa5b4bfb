"""Random questions about whole sessions: mostly of any event, and nothing else of it."""

from hypothesis import strategies as st

from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.distribution_pb2 import DistributionOf
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.oracle.choosing import one_in
from tests.oracle.distribution_specs import distribution_specs
from tests.oracle.specs import specs
from tests.oracle.worlds import World

_OVER_TIME = (Visualization.VISUALIZATION_LINE, Visualization.VISUALIZATION_KPI)
# What is told without a count of events.
_TOLD = (
    Aggregation.AGGREGATION_SESSIONS,
    Aggregation.AGGREGATION_AVERAGE_SESSION_DURATION,
    Aggregation.AGGREGATION_BOUNCE_RATE,
)
_NUMBERS = (*_TOLD * 4, Aggregation.AGGREGATION_EVENTS_PER_SESSION, Aggregation.AGGREGATION_COUNT)
_OF_EVENTS = "conditions", "names", "breakdown", "first time"


@st.composite
def gathered_specs(draw: st.DrawFn, world: World, *, first_time: bool = False) -> QuerySpec:
    """Draw a valid spec that may ask for sessions and their times alone.

    Args:
        draw: Hypothesis'.
        world: Where times come from.
        first_time: Whether `first_time` occurs (then draw the world with `all_have_ids`).
    """
    kept = draw(st.sampled_from((*[""] * 12, *_OF_EVENTS)))
    if draw(one_in(5)):
        spec = draw(distribution_specs(world))
        spec.distribution.of = DistributionOf.DISTRIBUTION_OF_SESSION_LENGTH
        spec.ClearField("aggregation_property")
        numbers = False
    else:
        spec = draw(specs(world, visualizations=_OVER_TIME))
        numbers = True
    if kept != "conditions":
        for each in ("filters", "where"):
            spec.ClearField(each)
    if kept != "breakdown":
        spec.ClearField("breakdown")
    if numbers:
        spec.aggregation = draw(st.sampled_from(_TOLD))
        spec.ClearField("aggregation_property")
    for selector in spec.events:
        plain = EventSelector(
            name=selector.name if kept == "names" else "",
            label=selector.label,
            first_time=first_time and kept == "first time",
        )
        if numbers and draw(st.booleans()):
            plain.aggregation = draw(st.sampled_from(_NUMBERS))
        if kept == "conditions":
            plain.filters.extend(selector.filters)
            if selector.HasField("where"):
                plain.where.CopyFrom(selector.where)
        selector.CopyFrom(plain)
    return spec
