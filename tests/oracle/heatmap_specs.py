"""Random valid heatmaps about a given world, and the options that they reach."""

from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from insights.v1.time_pb2 import Granularity
from tests.oracle import pools
from tests.oracle.choosing import one_in
from tests.oracle.comparisons import span_of
from tests.oracle.selector_coverage import every_of_selectors, of_selectors, used
from tests.oracle.selector_specs import LABELS, draw_conditions, draw_past, selectors
from tests.oracle.world_ranges import draw_times
from tests.oracle.worlds import World
from tests.oracle.zones import DAY, HOUR, pieces

_AGGREGATIONS = (
    Aggregation.AGGREGATION_UNSPECIFIED,
    Aggregation.AGGREGATION_COUNT,
    Aggregation.AGGREGATION_UNIQUE_USERS,
)
_LENGTHS = (Granularity.GRANULARITY_HOUR, Granularity.GRANULARITY_DAY, Granularity.GRANULARITY_WEEK)
_WEEK = 7 * DAY


@st.composite
def heatmap_specs(draw: st.DrawFn, world: World, *, first_time: bool = False) -> QuerySpec:
    """Draw a valid heatmap.

    Args:
        draw: Hypothesis'.
        world: Where names, values and times come from.
        first_time: Whether `first_time` occurs (then draw the world with `all_have_ids`).
    """
    spec = QuerySpec(visualization=Visualization.VISUALIZATION_HEATMAP)
    spec.timezone = draw(st.sampled_from(("", world.timezone, world.timezone, *pools.ZONES)))
    draw_conditions(draw, spec, world)
    draw_past(draw, spec, world)
    if not draw(one_in(4)):
        spec.events.append(draw(selectors(world, first_time=first_time, labels=LABELS)))
        if draw(one_in(4)):
            spec.events[0].aggregation = draw(st.sampled_from(_AGGREGATIONS[1:]))
    spec.aggregation = draw(st.sampled_from(_AGGREGATIONS))
    draw_times(draw, spec, world, choice=_LENGTHS, most=draw(st.sampled_from((1, 3, 30, 100, 100))))
    if not draw(one_in(8)):  # it is not used, with a warning
        spec.granularity = Granularity.GRANULARITY_UNSPECIFIED
    return spec


def options_of_heatmap(spec: QuerySpec) -> set[str]:
    """The options that a heatmap uses, such as "a change of the clock"."""
    span = span_of(spec.time_range)
    length = span.end - span.start
    own = [selector.aggregation for selector in spec.events if selector.aggregation]
    return {
        Aggregation.Name(spec.aggregation),
        *(f"own {Aggregation.Name(each)}" for each in own),
        *used(
            {
                "no events": not spec.events,
                "granularity": bool(spec.granularity),
                "less than an hour": length < HOUR,
                "less than a week": HOUR <= length < _WEEK,
                "a week and more": length >= _WEEK,
                "a change of the clock": _has_change(spec),
                "changes of the clock, a week and more": length >= _WEEK and _has_change(spec),
            }
        ),
        *of_selectors(spec, spec.events),
    }


def every_heatmap_option(*, first_time: bool = False) -> set[str]:
    """The options that the strategy can reach."""
    return {
        *map(Aggregation.Name, _AGGREGATIONS),
        *(f"own {Aggregation.Name(each)}" for each in _AGGREGATIONS[1:]),
        *("no events", "granularity", "label"),
        *("less than an hour", "less than a week", "a week and more"),
        *("a change of the clock", "changes of the clock, a week and more"),
        *every_of_selectors(first_time=first_time),
    }


def _has_change(spec: QuerySpec) -> bool:
    """Tell whether the clock is changed in the range, where the spec names the zone."""
    span = span_of(spec.time_range)
    return bool(spec.timezone) and len(list(pieces(ZoneInfo(spec.timezone), *span))) > 1
