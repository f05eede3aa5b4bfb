"""Random questions about what persons do first: mostly about whose it is and when, and nothing else of it."""

from hypothesis import strategies as st

from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from insights.v1.retention_pb2 import RetentionCohort
from tests.oracle.choosing import one_in
from tests.oracle.plain_selectors import plain
from tests.oracle.retention_specs import retention_specs
from tests.oracle.specs import specs
from tests.oracle.worlds import World

_OVER_TIME = (Visualization.VISUALIZATION_LINE, Visualization.VISUALIZATION_KPI)
# What first times tell.
_TOLD = (Aggregation.AGGREGATION_COUNT, Aggregation.AGGREGATION_UNIQUE_USERS)
# What more is asked of first events, or of which of them: "filters" are those of the spec alone.
_KEPT = ("conditions", "filters", "filters", "names", "breakdown", "breakdown", "numbers")


@st.composite
def first_specs(draw: st.DrawFn, world: World, *, first_time: bool = False) -> QuerySpec:
    """Draw a valid spec that may ask for persons and their first times alone.

    Args:
        draw: Hypothesis'.
        world: Where names and times come from.
        first_time: Whether `first_time` occurs (then draw the world with `all_have_ids`).
    """
    is_retention = draw(one_in(3))
    spec = draw(
        retention_specs(world) if is_retention else specs(world, visualizations=_OVER_TIME, rolling=True)
    )
    kept = draw(st.sampled_from((*[""] * 8, *_KEPT)))
    if kept not in ("conditions", "filters"):
        for each in ("filters", "where"):
            spec.ClearField(each)
    if kept != "breakdown":
        spec.ClearField("breakdown")
    if is_retention:
        _simplify_retention(draw, spec, kept, first_time=first_time)
    else:
        _simplify_series(draw, spec, kept, first_time=first_time)
    return spec


def _simplify_retention(draw: st.DrawFn, spec: QuerySpec, kept: str, *, first_time: bool) -> None:
    if not draw(one_in(6)):
        spec.retention.cohort = RetentionCohort.RETENTION_COHORT_FIRST_EVER
    starting = spec.starting_event
    starting.CopyFrom(plain(starting, kept, name=starting.name, first_time=first_time and draw(one_in(8))))
    # Any conditions of returns: events are read for them.


def _simplify_series(draw: st.DrawFn, spec: QuerySpec, kept: str, *, first_time: bool) -> None:
    told = _TOLD[1:] if spec.HasField("rolling_window") else _TOLD
    if kept != "numbers":
        spec.aggregation = draw(st.sampled_from(told))
        spec.ClearField("aggregation_property")
    name = spec.events[0].name if spec.events and not draw(one_in(4)) else ""
    for selector in spec.events:
        is_first = first_time and not draw(one_in(12))
        own = selector.name if kept == "names" else name
        selector.CopyFrom(plain(selector, kept, name=own, first_time=is_first))
        if kept != "numbers" and draw(one_in(3)):
            selector.aggregation = draw(st.sampled_from(told))
