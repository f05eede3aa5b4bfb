"""Random valid stickinesses about a given world, and the options that they reach."""

from hypothesis import strategies as st

from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from insights.v1.time_pb2 import Granularity
from tests.oracle import pools
from tests.oracle.choosing import one_in
from tests.oracle.lifecycle_specs import UNUSED, has_many_buckets
from tests.oracle.range_specs import GRANULARITIES
from tests.oracle.selector_coverage import every_of_selectors, of_selectors, used
from tests.oracle.selector_specs import draw_conditions, draw_past, selectors
from tests.oracle.world_ranges import draw_times
from tests.oracle.worlds import World

_GRANULARITIES = (Granularity.GRANULARITY_UNSPECIFIED, *GRANULARITIES)
_MOST_BUCKETS = (3, 12, 12, 30, 100, 300)


@st.composite
def stickiness_specs(draw: st.DrawFn, world: World, *, first_time: bool = False) -> QuerySpec:
    """Draw a valid stickiness.

    Args:
        draw: Hypothesis'.
        world: Where names, values and times come from.
        first_time: Whether `first_time` occurs (then draw the world with `all_have_ids`).
    """
    spec = QuerySpec(visualization=Visualization.VISUALIZATION_STICKINESS)
    spec.timezone = draw(st.sampled_from(("", world.timezone, world.timezone, *pools.ZONES)))
    draw_conditions(draw, spec, world)
    draw_past(draw, spec, world)
    spec.events.extend(draw(st.lists(selectors(world, first_time=first_time), max_size=3)))
    spec.stickiness.cumulative = draw(st.booleans())
    spec.stickiness.min_events = draw(st.sampled_from((0, 0, 1, 2, 2, 3)))
    if draw(one_in(8)):
        spec.ClearField("stickiness")
    spec.aggregation = draw(st.sampled_from(UNUSED))
    draw_times(draw, spec, world, choice=_GRANULARITIES, most=draw(st.sampled_from(_MOST_BUCKETS)))
    return spec


def options_of_stickiness(spec: QuerySpec) -> set[str]:
    """The options that a stickiness uses, such as "cumulative"."""
    options = spec.stickiness
    several = "more than one event" if options.min_events > 1 else "one event"
    return {
        Granularity.Name(spec.granularity),
        "cumulative" if options.cumulative else "exact",
        f"min_events {options.min_events}",
        *used(
            {
                "no options": not spec.HasField("stickiness"),
                "no events": not spec.events,
                "several events": len(spec.events) > 1,
                f"more than 64 buckets, {several}": has_many_buckets(spec),
            }
        ),
        *of_selectors(spec, spec.events),
    }


def every_stickiness_option(*, first_time: bool = False) -> set[str]:
    """The options that the strategy can reach."""
    return {
        *map(Granularity.Name, _GRANULARITIES),
        *("cumulative", "exact", "no options", "no events", "several events", "label"),
        *(f"min_events {number}" for number in range(4)),
        *("more than 64 buckets, one event", "more than 64 buckets, more than one event"),
        *every_of_selectors(first_time=first_time),
    }
