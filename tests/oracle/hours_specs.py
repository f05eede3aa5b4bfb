"""Random questions of all kinds that ask who was active when: mostly of any event, and nothing else of it."""

from collections.abc import Callable

from hypothesis import strategies as st

from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.oracle.choosing import one_in
from tests.oracle.heatmap_specs import heatmap_specs
from tests.oracle.lifecycle_specs import lifecycle_specs
from tests.oracle.plain_selectors import plain
from tests.oracle.retention_specs import retention_specs
from tests.oracle.specs import specs
from tests.oracle.stickiness_specs import stickiness_specs
from tests.oracle.worlds import World

_OVER_TIME = (Visualization.VISUALIZATION_LINE, Visualization.VISUALIZATION_KPI)
_KINDS: tuple[Callable[[World], st.SearchStrategy[QuerySpec]], ...] = (
    *[lambda world: specs(world, visualizations=_OVER_TIME, rolling=True)] * 3,
    stickiness_specs,
    lifecycle_specs,
    retention_specs,
    heatmap_specs,
)


@st.composite
def hours_specs(draw: st.DrawFn, world: World, *, first_time: bool = False) -> QuerySpec:
    """Draw a valid spec of any kind that may ask for persons and times alone.

    Args:
        draw: Hypothesis'.
        world: Where times come from.
        first_time: Whether `first_time` occurs (then draw the world with `all_have_ids`).
    """
    spec = draw(draw(st.sampled_from(_KINDS))(world))
    kept = draw(st.sampled_from((*[""] * 12, "conditions", "names", "breakdown", "numbers")))
    if kept != "conditions":
        for each in ("filters", "where"):
            spec.ClearField(each)
    if kept != "breakdown":
        spec.ClearField("breakdown")
    if kept != "numbers":
        _count_users(spec)
    selectors = [*spec.events, *_of_retention(spec)]
    for selector in selectors:
        name = selector.name if kept == "names" else ""
        is_first = first_time and draw(one_in(12))
        selector.CopyFrom(plain(selector, kept, name=name, first_time=is_first))
    return spec


def _count_users(spec: QuerySpec) -> None:
    spec.aggregation = Aggregation.AGGREGATION_UNIQUE_USERS
    spec.ClearField("aggregation_property")
    if spec.HasField("stickiness"):
        spec.stickiness.min_events = 0


def _of_retention(spec: QuerySpec) -> list[EventSelector]:
    named = ("starting_event", "return_event")
    return [getattr(spec, each) for each in named if spec.HasField(each)]
