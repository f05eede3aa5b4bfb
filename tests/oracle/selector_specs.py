"""Random event selectors and conditions that keep many of a small world's events."""

from collections.abc import Sequence

from hypothesis import strategies as st

from insights.v1.breakdown_pb2 import Breakdown
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.query_spec_pb2 import QuerySpec
from tests.oracle import pools
from tests.oracle.behavior_specs import past
from tests.oracle.choosing import one_in, weighted
from tests.oracle.filter_specs import SPLITTING, splitting, trees
from tests.oracle.funnel_worlds import NAMES
from tests.oracle.specs import breakdowns
from tests.oracle.worlds import World

LABELS = ("", "", "", "Schritt", "A")


@st.composite
def selectors(
    draw: st.DrawFn, world: World, *, first_time: bool, labels: Sequence[str] = LABELS
) -> EventSelector:
    """Draw a selector, mostly of a name that occurs, without what only steps have."""
    occurring = [event.name for event in world.events] or NAMES
    name = st.sampled_from(occurring)
    selector = EventSelector(
        name=draw(weighted(*[name] * 8, st.sampled_from(NAMES), st.just(""))),
        label=draw(st.sampled_from(labels)),
        first_time=first_time and draw(one_in(8)),
    )
    if draw(one_in(6)):
        selector.filters.append(draw(splitting(world.values)))
    if draw(one_in(12)):
        selector.where.CopyFrom(draw(st.one_of(trees(world.values), past(world))))
    return selector


def draw_conditions(draw: st.DrawFn, spec: QuerySpec, world: World) -> None:
    """Give some specs filters or a tree of their own."""
    if draw(one_in(10)):
        spec.filters.extend(draw(st.lists(splitting(world.values), min_size=1, max_size=2)))
    if draw(one_in(12)):
        spec.where.CopyFrom(draw(st.one_of(trees(world.values), past(world))))


def draw_past(draw: st.DrawFn, spec: QuerySpec, world: World) -> None:
    """Ask what people did before, in some specs: for kinds whose small worlds rarely come to it otherwise."""
    if draw(one_in(6)):
        spec.where.CopyFrom(draw(past(world)))


@st.composite
def small_breakdowns(draw: st.DrawFn) -> Breakdown:
    """Draw a breakdown by what has several values in a small world; now and then any breakdown."""
    if draw(one_in(10)):
        return draw(breakdowns(table=False))
    names = draw(st.lists(st.sampled_from(SPLITTING), min_size=1, max_size=2, unique=True))
    edges: list[float] = []
    if draw(one_in(4)):
        names = [draw(st.sampled_from((pools.AMOUNT, pools.AMOUNT, pools.PLAN))), *names]
        edges = draw(st.sampled_from(([5.0], [0.0, 20.5], [0.0, 20.5, 500.0])))
    return Breakdown(
        property=names[0],
        then_by=[name for name in names[1:] if name != names[0]],
        limit=draw(st.sampled_from((0, 1, 1, 1, 2))),
        hide_other=draw(one_in(5)),
        buckets=edges,
    )
