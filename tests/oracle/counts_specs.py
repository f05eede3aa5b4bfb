"""Random questions that ask how many events there are: mostly of names alone, and nothing else of them."""

from hypothesis import strategies as st

from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.breakdown_pb2 import Breakdown
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.oracle.heatmap_specs import heatmap_specs
from tests.oracle.plain_selectors import plain
from tests.oracle.specs import one_in, specs
from tests.oracle.worlds import World

_OVER_TIME = (Visualization.VISUALIZATION_LINE, Visualization.VISUALIZATION_KPI)
_OF_EVENTS = "conditions", "breakdown", "first time", "numbers"


@st.composite
def counts_specs(draw: st.DrawFn, world: World, *, first_time: bool = False) -> QuerySpec:
    """Draw a valid spec that may ask for names and times alone.

    Args:
        draw: Hypothesis'.
        world: Where names and times come from.
        first_time: Whether `first_time` occurs (then draw the world with `all_have_ids`).
    """
    kept = draw(st.sampled_from((*[""] * 12, *_OF_EVENTS)))
    is_heatmap = draw(one_in(4))
    spec = draw(heatmap_specs(world) if is_heatmap else specs(world, visualizations=_OVER_TIME))
    if kept != "conditions":
        for each in ("filters", "where"):
            spec.ClearField(each)
    if kept != "breakdown":
        spec.ClearField("breakdown")
        if spec.visualization == Visualization.VISUALIZATION_LINE and draw(one_in(3)):
            limit, hide = draw(st.sampled_from((0, 1, 2))), draw(st.booleans())
            spec.breakdown.CopyFrom(Breakdown(property="$event_name", limit=limit, hide_other=hide))
    if kept != "numbers":
        spec.ClearField("aggregation_property")
        spec.aggregation = draw(
            st.sampled_from((Aggregation.AGGREGATION_UNSPECIFIED, Aggregation.AGGREGATION_COUNT))
        )
    for selector in spec.events:
        is_first = first_time and kept == "first time"
        selector.CopyFrom(plain(selector, kept, name=selector.name, first_time=is_first))
    return spec
