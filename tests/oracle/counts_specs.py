"""Random questions that count events or sum their numbers: of names, times and one property, mostly."""

from google.protobuf.message import Message
from hypothesis import strategies as st

from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.breakdown_pb2 import Breakdown
from insights.v1.filter_pb2 import Filter
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.oracle import pools
from tests.oracle.choosing import one_in
from tests.oracle.heatmap_specs import heatmap_specs
from tests.oracle.plain_selectors import plain
from tests.oracle.specs import specs
from tests.oracle.worlds import World

_SHAPES = (
    Visualization.VISUALIZATION_LINE,
    Visualization.VISUALIZATION_KPI,
    Visualization.VISUALIZATION_TABLE,
)
_OF_EVENTS = "conditions", "breakdown", "first time", "numbers"
_OF_ONE = "one property"
_COUNTED = (Aggregation.AGGREGATION_UNSPECIFIED, Aggregation.AGGREGATION_COUNT)
_OF_MANY = (*_COUNTED, *_COUNTED, Aggregation.AGGREGATION_SUM, Aggregation.AGGREGATION_AVERAGE)
_SUMMED = {
    Aggregation.AGGREGATION_SUM: st.sampled_from((pools.AMOUNT, pools.PRICE)),
    Aggregation.AGGREGATION_AVERAGE: st.just(pools.AMOUNT),
}


@st.composite
def counts_specs(draw: st.DrawFn, world: World, *, first_time: bool = False) -> QuerySpec:
    """Draw a valid spec that may ask for names, times and one property alone.

    Args:
        draw: Hypothesis'.
        world: Where names and times come from.
        first_time: Whether `first_time` occurs (then draw the world with `all_have_ids`).
    """
    kept = draw(st.sampled_from((*[""] * 8, *[_OF_ONE] * 8, *_OF_EVENTS)))
    is_heatmap = draw(one_in(4))
    spec = draw(heatmap_specs(world) if is_heatmap else specs(world, visualizations=_SHAPES))
    if kept not in {"conditions", _OF_ONE}:
        for each in ("filters", "where"):
            spec.ClearField(each)
    if kept not in {"breakdown", _OF_ONE}:
        spec.ClearField("breakdown")
        if spec.visualization == Visualization.VISUALIZATION_LINE and draw(one_in(3)):
            limit, hide = draw(st.sampled_from((0, 1, 2))), draw(st.booleans())
            spec.breakdown.CopyFrom(Breakdown(property="$event_name", limit=limit, hide_other=hide))
    if kept != "numbers":
        _sum_up(draw, spec, draw(st.sampled_from(_COUNTED if is_heatmap else _OF_MANY)))
    for selector in spec.events:
        is_first = first_time and kept == "first time"
        of_selector = "conditions" if kept == _OF_ONE else kept
        selector.CopyFrom(plain(selector, of_selector, name=selector.name, first_time=is_first))
    if kept != "numbers" and not is_heatmap and spec.events and draw(one_in(3)):
        _ask_each(draw, spec)
    if kept == _OF_ONE:
        _ask_for(spec, draw(st.sampled_from(pools.PROPERTIES)))
    return spec


def _sum_up(draw: st.DrawFn, spec: QuerySpec, aggregation: Aggregation) -> None:
    """Have a spec ask for a count, or the numbers of one property."""
    spec.aggregation = aggregation
    spec.ClearField("aggregation_property")
    if aggregation not in _COUNTED:
        spec.aggregation_property = draw(_SUMMED[aggregation])


def _ask_each(draw: st.DrawFn, spec: QuerySpec) -> None:
    """Have each series count events, or sum up the numbers of one property, by itself."""
    _sum_up(draw, spec, Aggregation.AGGREGATION_UNSPECIFIED)
    for selector in spec.events:
        selector.aggregation = draw(st.sampled_from(_OF_MANY))
        if selector.aggregation not in _COUNTED:
            selector.aggregation_property = draw(_SUMMED[selector.aggregation])


def _ask_for(spec: QuerySpec, name: str) -> None:
    """Have all that a spec asks of events be asked of one property, and of their names."""
    _ask_filters(spec, name)
    if spec.HasField("breakdown"):
        has_more = bool(spec.breakdown.then_by)
        spec.breakdown.property = name
        spec.breakdown.then_by[:] = ["$event_name"] if has_more else []


def _ask_filters(message: Message, name: str) -> None:
    for field, found in message.ListFields():
        if field.message_type is None:
            continue
        for each in found if field.is_repeated else [found]:
            if isinstance(each, Filter):
                each.property = name
            else:
                _ask_filters(each, name)
