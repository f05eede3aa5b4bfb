"""Random valid funnels about a given small world."""

from collections.abc import Sequence
from itertools import combinations
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.funnel_pb2 import FunnelAttribution, FunnelCountBy, FunnelExclusion, FunnelOrder
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from insights.v1.time_pb2 import Granularity
from tests.oracle import pools
from tests.oracle.choosing import one_in, weighted
from tests.oracle.funnel_worlds import moments
from tests.oracle.lengths import lengths, short_lengths
from tests.oracle.range_specs import GRANULARITIES, LENGTHS, ranges
from tests.oracle.selector_specs import draw_conditions, draw_past, selectors, small_breakdowns
from tests.oracle.world_ranges import around, at_events
from tests.oracle.worlds import World
from tests.oracle.zones import DAY

ORDERS = (
    FunnelOrder.FUNNEL_ORDER_UNSPECIFIED,
    FunnelOrder.FUNNEL_ORDER_ORDERED,
    FunnelOrder.FUNNEL_ORDER_STRICT,
    FunnelOrder.FUNNEL_ORDER_UNORDERED,
)
COUNTS_BY = (
    FunnelCountBy.FUNNEL_COUNT_BY_UNSPECIFIED,
    FunnelCountBy.FUNNEL_COUNT_BY_USERS,
    FunnelCountBy.FUNNEL_COUNT_BY_SESSIONS,
)
ATTRIBUTIONS = (
    FunnelAttribution.FUNNEL_ATTRIBUTION_UNSPECIFIED,
    FunnelAttribution.FUNNEL_ATTRIBUTION_FIRST_STEP,
    FunnelAttribution.FUNNEL_ATTRIBUTION_LAST_STEP,
    *[FunnelAttribution.FUNNEL_ATTRIBUTION_STEP] * 2,
    FunnelAttribution.FUNNEL_ATTRIBUTION_FIRST_TOUCH,
    FunnelAttribution.FUNNEL_ATTRIBUTION_LAST_TOUCH,
)
MOST_STEPS = 30
_LONGEST_WINDOW = 366 * DAY
_MOST_BUCKETS = 60

_HELD = (pools.PLAN, pools.PLAN, pools.FLAG, pools.COUNTRY, pools.AMOUNT, "$session_id")


@st.composite
def funnel_specs(draw: st.DrawFn, world: World, *, first_time: bool = False) -> QuerySpec:
    """Draw a valid funnel.

    Args:
        draw: Hypothesis'.
        world: Where names, values and times come from.
        first_time: Whether `first_time` occurs (then draw the world with `all_have_ids`).
    """
    spec = QuerySpec(visualization=Visualization.VISUALIZATION_FUNNEL)
    spec.timezone = draw(st.sampled_from(("", world.timezone, world.timezone, *pools.ZONES)))
    draw_conditions(draw, spec, world)
    draw_past(draw, spec, world)
    if draw(one_in(5)):
        _draw_different_steps_alone(draw, spec, world)
        return spec
    spec.events.extend(draw(_steps(world, first_time=first_time)))
    if not draw(one_in(3)):
        spec.conversion_window.CopyFrom(draw(lengths(world, longest=_LONGEST_WINDOW)))
    options = spec.funnel
    options.order = draw(st.sampled_from(ORDERS))
    options.count_by = draw(st.sampled_from(COUNTS_BY))
    options.within_range = draw(one_in(3))
    _draw_for_order(draw, spec, world)
    _draw_exclusions(draw, spec, world, first_time=first_time)
    if draw(one_in(2)):
        _draw_breakdown(draw, spec)
    options.trend = draw(one_in(3))
    _draw_times(draw, spec, world)
    if not options.ListFields():
        spec.ClearField("funnel")
    return spec


@st.composite
def _steps(draw: st.DrawFn, world: World, *, first_time: bool) -> list[EventSelector]:
    """Steps that mostly repeat one another or share events, or that somebody did."""
    kinds = draw(st.lists(selectors(world, first_time=first_time), min_size=1, max_size=4))
    number = draw(st.sampled_from((*[2] * 6, *[3] * 8, *[4] * 5, 1, 5, 5, 6, 9, 17, MOST_STEPS)))
    repeated = st.lists(st.sampled_from(kinds), min_size=number, max_size=number)
    in_turn = st.just([kinds[at % len(kinds)] for at in range(number)])
    if not world.events:
        return draw(weighted(repeated, in_turn))
    first_done = _first_done(world)
    return draw(weighted(repeated, in_turn, _done_by_somebody(world, number), first_done, first_done))


@st.composite
def _first_done(draw: st.DrawFn, world: World) -> list[EventSelector]:
    """Each name once, in the order in which somebody came to do it; mostly one is left for exclusions."""
    names = list(dict.fromkeys(draw(_names_of_somebody(world))))
    if len(names) > 2 and not draw(one_in(4)):
        names.remove(draw(st.sampled_from(names[1:])))
    return [EventSelector(name=name) for name in names]


def _draw_different_steps_alone(draw: st.DrawFn, spec: QuerySpec, world: World) -> None:
    """Ask for names that occur, each once, in this order, and for no other rule."""
    names = sorted({event.name for event in world.events} - {""}) or ["a"]
    chosen = draw(st.permutations(names))[: draw(st.sampled_from((2, 3, 3, 4)))]
    spec.events.extend(EventSelector(name=name) for name in chosen)
    for selector in spec.events[1:-1]:
        selector.optional = draw(st.booleans())
    if not draw(one_in(3)):
        spec.conversion_window.CopyFrom(draw(lengths(world, longest=_LONGEST_WINDOW)))
    spec.funnel.within_range = draw(one_in(3))
    if draw(one_in(2)):
        _draw_breakdown(draw, spec)
    _draw_times(draw, spec, world)


@st.composite
def _done_by_somebody(draw: st.DrawFn, world: World, number: int) -> list[EventSelector]:
    """The names of what somebody did, one after the other; some steps are any event."""
    names = draw(_names_of_somebody(world))
    first = draw(st.integers(0, len(names) // 2))
    done = [names[at % len(names)] for at in range(first, first + number)]
    return [EventSelector(name="" if draw(one_in(8)) else name) for name in done]


@st.composite
def _names_of_somebody(draw: st.DrawFn, world: World) -> list[str]:
    """What somebody did, in order."""
    somebody = draw(st.sampled_from(world.events)).user_id
    events = [event for event in world.events if event.user_id == somebody]
    return [event.name for event in sorted(events, key=lambda event: event.timestamp.ToNanoseconds())]


def _draw_for_order(draw: st.DrawFn, spec: QuerySpec, world: World) -> None:
    """Draw what is not for every order."""
    ordered = spec.funnel.order in (
        FunnelOrder.FUNNEL_ORDER_UNSPECIFIED,
        FunnelOrder.FUNNEL_ORDER_ORDERED,
    )
    if ordered and draw(one_in(3)):
        for selector in spec.events[1:]:
            if draw(st.booleans()):
                short = short_lengths(world, longest=_LONGEST_WINDOW)
                some = lengths(world, longest=_LONGEST_WINDOW)
                selector.within.CopyFrom(draw(weighted(short, short, short, some)))
    if ordered and draw(one_in(2)):
        for selector in spec.events[1:-1]:
            selector.optional = draw(st.booleans())
    if spec.funnel.order != FunnelOrder.FUNNEL_ORDER_STRICT and draw(one_in(4)):
        spec.funnel.hold_constant.extend(
            draw(st.lists(st.sampled_from(_HELD), min_size=1, max_size=2, unique=True))
        )


def _draw_exclusions(draw: st.DrawFn, spec: QuerySpec, world: World, *, first_time: bool) -> None:
    """Exclude some events, mostly such as are no step."""
    required = _required(spec.events)
    if len(required) < 2 or not draw(one_in(3)):
        return
    others = _free_a_name(spec, world)
    for _ in range(draw(st.sampled_from((1, 1, 2)))):
        selector = EventSelector()
        if not others or draw(one_in(4)):
            selector = draw(selectors(world, first_time=first_time, labels=("",)))
        if others and not draw(one_in(8)):
            selector.name = draw(st.sampled_from(others))
        from_step, to_step = draw(st.sampled_from(list(combinations(required, 2))))
        exclusion = FunnelExclusion(event=selector)
        # The first and the last step say nothing.
        if draw(one_in(8 if from_step == required[0] else 2)):
            exclusion.from_step = from_step
        if draw(one_in(8 if to_step == required[-1] else 2)):
            exclusion.to_step = to_step
        spec.funnel.exclusions.append(exclusion)


def _free_a_name(spec: QuerySpec, world: World) -> list[str]:
    """Name what is done and is no step; where all that is done is one, take what comes last away."""
    done = [event.name for event in world.events]
    names = sorted(set(done))
    if len(names) > 1 and {selector.name for selector in spec.events} >= set(names):
        for selector in spec.events:
            if selector.name == names[-1]:
                selector.name = names[0]
    steps = {selector.name for selector in spec.events}
    return [] if "" in steps else [name for name in done if name not in steps]


def _required(steps: Sequence[EventSelector]) -> list[int]:
    return [at for at, selector in enumerate(steps, start=1) if not selector.optional]


def _draw_breakdown(draw: st.DrawFn, spec: QuerySpec) -> None:
    spec.breakdown.CopyFrom(draw(small_breakdowns()))
    spec.funnel.attribution = draw(st.sampled_from(ATTRIBUTIONS))
    if spec.funnel.attribution == FunnelAttribution.FUNNEL_ATTRIBUTION_STEP:
        optional = [at for at, selector in enumerate(spec.events, start=1) if selector.optional]
        spec.funnel.attribution_step = draw(st.sampled_from([*optional, *range(1, len(spec.events) + 1)]))


def _draw_times(draw: st.DrawFn, spec: QuerySpec, world: World) -> None:
    """Choose a range that often begins or ends at an event; with a trend also the granularity."""
    if spec.funnel.trend:
        spec.granularity = draw(st.sampled_from((Granularity.GRANULARITY_UNSPECIFIED, *GRANULARITIES)))
    longest = _MOST_BUCKETS * LENGTHS[spec.granularity] if spec.funnel.trend else _LONGEST_WINDOW
    center = draw(st.sampled_from(moments(world)))
    zone = ZoneInfo(spec.timezone or world.timezone)
    of_calendar = ranges(center, zone, spec.granularity, _MOST_BUCKETS)
    whole, cut = around(world, longest), at_events(world, longest)
    # Whether steps must be in the range says something only where events are after it.
    usual = cut if spec.funnel.within_range else whole
    spec.time_range.CopyFrom(draw(weighted(usual, usual, whole, cut, of_calendar)))
