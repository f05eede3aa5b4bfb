"""Random valid lifecycles about a given world, and the options that they reach."""

from hypothesis import strategies as st

from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from insights.v1.time_pb2 import Granularity
from tests.oracle import pools
from tests.oracle.choosing import one_in
from tests.oracle.comparisons import span_of
from tests.oracle.range_specs import GRANULARITIES, LENGTHS
from tests.oracle.selector_coverage import every_of_selectors, of_selectors, used
from tests.oracle.selector_specs import draw_conditions, draw_past, selectors
from tests.oracle.world_ranges import draw_times
from tests.oracle.worlds import World

_GRANULARITIES = (Granularity.GRANULARITY_UNSPECIFIED, *GRANULARITIES)
_MOST_BUCKETS = (3, 12, 12, 30, 100, 300)
_MANY = 64

# Not used, with a warning, because dashboards switch charts.
UNUSED = (
    *[Aggregation.AGGREGATION_UNSPECIFIED] * 7,
    Aggregation.AGGREGATION_SUM,
    Aggregation.AGGREGATION_BOUNCE_RATE,
)


@st.composite
def lifecycle_specs(draw: st.DrawFn, world: World, *, first_time: bool = False) -> QuerySpec:
    """Draw a valid lifecycle.

    Args:
        draw: Hypothesis'.
        world: Where names, values and times come from.
        first_time: Whether `first_time` occurs (then draw the world with `all_have_ids`).
    """
    spec = QuerySpec(visualization=Visualization.VISUALIZATION_LIFECYCLE)
    spec.timezone = draw(st.sampled_from(("", world.timezone, world.timezone, *pools.ZONES)))
    draw_conditions(draw, spec, world)
    draw_past(draw, spec, world)
    if not draw(one_in(4)):
        spec.events.append(draw(selectors(world, first_time=first_time, labels=("",))))
    spec.aggregation = draw(st.sampled_from(UNUSED))
    draw_times(draw, spec, world, choice=_GRANULARITIES, most=draw(st.sampled_from(_MOST_BUCKETS)))
    return spec


def options_of_lifecycle(spec: QuerySpec) -> set[str]:
    """The options that a lifecycle uses, such as "GRANULARITY_WEEK"."""
    return {
        Granularity.Name(spec.granularity),
        *used({"no events": not spec.events, "more than 64 buckets": has_many_buckets(spec)}),
        *of_selectors(spec, spec.events),
    }


def every_lifecycle_option(*, first_time: bool = False) -> set[str]:
    """The options that the strategy can reach."""
    return {
        *map(Granularity.Name, _GRANULARITIES),
        *("no events", "more than 64 buckets"),
        *every_of_selectors(first_time=first_time),
    }


def has_many_buckets(spec: QuerySpec) -> bool:
    """Tell whether a range has more buckets than a number of 64 bits."""
    span = span_of(spec.time_range)
    # One more, because of hours that are shorter.
    return (span.end - span.start) // LENGTHS[spec.granularity] > _MANY + 1
