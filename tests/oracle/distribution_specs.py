"""Random valid distributions about a given world, and the options that they reach."""

from itertools import product

from hypothesis import strategies as st

from insights.v1.distribution_pb2 import DistributionOf
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.oracle import pools
from tests.oracle.choosing import one_in, weighted
from tests.oracle.funnel_worlds import funnel_worlds, moments, retention_worlds
from tests.oracle.history import milliseconds_of
from tests.oracle.selector_coverage import every_of_selectors, of_selectors, used
from tests.oracle.selector_specs import draw_conditions, draw_past, selectors
from tests.oracle.values import number_of
from tests.oracle.world_ranges import around, at_events
from tests.oracle.worlds import World, worlds
from tests.oracle.zones import DAY

BINS = (0, 0, 1, 2, 3, 7, 1000)

_OF = (
    *[DistributionOf.DISTRIBUTION_OF_UNSPECIFIED, DistributionOf.DISTRIBUTION_OF_PROPERTY] * 2,
    *[DistributionOf.DISTRIBUTION_OF_EVENTS_PER_USER, DistributionOf.DISTRIBUTION_OF_SESSION_LENGTH] * 2,
)
_OF_A_PROPERTY = frozenset(_OF[:2])
_NO_LABEL = ("",)  # distributions show none
_LONGEST = 6 * 365 * DAY


def distribution_worlds(*, all_have_ids: bool = False) -> st.SearchStrategy[World]:
    """Worlds with numbers of every form, and such with longer sessions and busier people."""
    return st.one_of(
        worlds(all_have_ids=all_have_ids),
        funnel_worlds(all_have_ids=all_have_ids),
        retention_worlds(all_have_ids=all_have_ids),
    )


@st.composite
def distribution_specs(draw: st.DrawFn, world: World, *, first_time: bool = False) -> QuerySpec:
    """Draw a valid distribution.

    Args:
        draw: Hypothesis'.
        world: Where names, values and times come from.
        first_time: Whether `first_time` occurs (then draw the world with `all_have_ids`).
    """
    spec = QuerySpec(visualization=Visualization.VISUALIZATION_DISTRIBUTION)
    spec.timezone = draw(st.sampled_from(("", world.timezone, *pools.ZONES)))
    draw_conditions(draw, spec, world)
    draw_past(draw, spec, world)
    spec.time_range.CopyFrom(draw(weighted(*[around(world, _LONGEST)] * 4, at_events(world, _LONGEST))))
    if not draw(one_in(3)):
        spec.events.append(draw(selectors(world, first_time=first_time, labels=_NO_LABEL)))
    options = spec.distribution
    options.of = draw(st.sampled_from(_OF))
    name = ""
    if options.of in _OF_A_PROPERTY:
        name = draw(
            st.sampled_from((*[pools.AMOUNT] * 8, pools.PLAN, f"$user.{pools.AMOUNT}", *pools.NAMEABLE))
        )
        asks_itself = draw(one_in(4)) and bool(spec.events)
        (spec.events[0] if asks_itself else spec).aggregation_property = name
    if draw(one_in(2)):
        edges = st.sets(st.sampled_from(_numbers(world, name)), min_size=1, max_size=4)
        options.edges.extend(sorted(draw(edges)))
    else:
        options.bins = draw(st.sampled_from(BINS))
    if not options.ListFields():
        spec.ClearField("distribution")
    return spec


def _numbers(world: World, name: str) -> list[float]:
    """What a distribution may hold: values of a property, a few events, seconds between events."""
    values = [number_of(value) for value in world.values.get(name, ())]
    times = [milliseconds_of(moment) for moment in moments(world)]
    lengths = [(time - min(times)) / 1000 for time in times]
    return sorted({0.0, 1.0, 1.5, 2.0, 3.0, *lengths, *(it for it in values if it is not None)})


def options_of_distribution(spec: QuerySpec) -> set[str]:
    """The options that a spec uses, such as "edges · EVENTS_PER_USER"."""
    options = spec.distribution
    of = _named(options.of)
    own = [selector.aggregation_property for selector in spec.events if selector.aggregation_property]
    return {
        f"{_bins(spec)} · {of}",
        *(f"numbers of {pools.kind_of(name)}" for name in (*own, spec.aggregation_property) if name),
        *used({"no events": not spec.events, "a selector's own property": bool(own)}),
        "distribution" if spec.HasField("distribution") else "no options",
        *of_selectors(spec, spec.events),
    }


def every_distribution_option(*, first_time: bool = False) -> set[str]:
    """The options that the strategy can reach."""
    bins = ("edges", *(f"{number} bins" for number in set(BINS)))
    return {
        *(" · ".join(parts) for parts in product(bins, map(_named, set(_OF)))),
        *(f"numbers of {pools.kind_of(name)}" for name in pools.NAMEABLE),
        *("no events", "a selector's own property", "distribution", "no options"),
        *every_of_selectors(first_time=first_time),
    }


def _bins(spec: QuerySpec) -> str:
    return "edges" if spec.distribution.edges else f"{spec.distribution.bins} bins"


def _named(of: DistributionOf) -> str:
    return DistributionOf.Name(of).removeprefix("DISTRIBUTION_OF_")
