"""Random event selectors and conditions that keep many of a small world's events."""

from collections.abc import Sequence

from hypothesis import strategies as st

from insights.v1.breakdown_pb2 import Breakdown
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.filter_pb2 import Filter, Operator
from insights.v1.query_spec_pb2 import QuerySpec
from tests.oracle import pools
from tests.oracle.behavior_specs import past
from tests.oracle.choosing import one_in, weighted
from tests.oracle.filter_specs import Known, filters, trees
from tests.oracle.funnel_worlds import NAMES
from tests.oracle.specs import breakdowns
from tests.oracle.values import printed
from tests.oracle.worlds import World, value

LABELS = ("", "", "", "Schritt", "A")
_SPLITTING = (pools.PLAN, pools.PLAN, pools.FLAG, pools.COUNTRY, "$session_id", *pools.OF_SESSIONS[::5])


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
        selector.filters.append(draw(_conditions(world.values)))
    if draw(one_in(12)):
        selector.where.CopyFrom(draw(st.one_of(trees(world.values), past(world))))
    return selector


def draw_conditions(draw: st.DrawFn, spec: QuerySpec, world: World) -> None:
    """Give some specs filters or a tree of their own."""
    if draw(one_in(10)):
        spec.filters.extend(draw(st.lists(_conditions(world.values), min_size=1, max_size=2)))
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
    names = draw(st.lists(st.sampled_from(_SPLITTING), min_size=1, max_size=2, unique=True))
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


@st.composite
def _conditions(draw: st.DrawFn, known: Known) -> Filter:
    """A condition that splits the events of a small world; now and then any condition."""
    if draw(one_in(6)):
        return draw(filters(known))
    name = draw(st.sampled_from(_SPLITTING))
    contents = known[name]
    operators = [Operator.OPERATOR_IS_SET, Operator.OPERATOR_IS_NOT_SET]
    if contents:
        operators += [Operator.OPERATOR_EQUALS, Operator.OPERATOR_NOT_EQUALS] * 2
    condition = Filter(property=name, operator=draw(st.sampled_from(operators)))
    if condition.operator in (Operator.OPERATOR_EQUALS, Operator.OPERATOR_NOT_EQUALS):
        condition.value.CopyFrom(value(printed(draw(st.sampled_from(contents)))))
    return condition
