"""Random audiences: trees over what people are, and what they did up to now."""

from collections.abc import Iterator

from google.protobuf.duration_pb2 import Duration
from hypothesis import strategies as st

from insights.v1.filter_pb2 import Behavior, FilterExpression, FilterGroup
from tests.oracle import pools
from tests.oracle.behavior_specs import LONGEST, behaviors, trees_in
from tests.oracle.choosing import weighted
from tests.oracle.filter_specs import filters, negated
from tests.oracle.funnel_steps import duration
from tests.oracle.history import milliseconds_of, stored
from tests.oracle.worlds import World

_TRAITS = tuple(name for name in pools.TRAITS if name.startswith("$user."))

EVERY_OPTION = frozenset(
    {
        *(
            "audience",
            "audience filter",
            "audience not",
            "audience all_of",
            "audience any_of",
            "audience of any event",
        ),
        *("audience at_least", "audience within", "audience at_least within", "audience filters"),
        *("audience where", "audience first_time", "audience first_time within"),
    }
)


@st.composite
def audiences(draw: st.DrawFn, world: World, deepest: int = 2) -> FilterExpression:
    """Draw the tree of an audience."""
    leaf = weighted(_traits(world), _behaviors(world), _behaviors(world))
    inner = audiences(world, deepest - 1) if deepest else leaf
    groups = st.lists(inner, min_size=1, max_size=3).map(lambda it: FilterGroup(expressions=it))
    return draw(
        st.one_of(
            leaf,
            leaf.map(negated),
            groups.map(lambda it: FilterExpression(all_of=it)),
            groups.map(lambda it: FilterExpression(any_of=it)),
            inner.map(negated),
        )
    )


@st.composite
def _traits(draw: st.DrawFn, world: World) -> FilterExpression:
    trait = draw(st.sampled_from(_TRAITS))
    # Whatever property is drawn, its values are the trait's.
    condition = draw(filters(dict.fromkeys(world.values, world.values[trait])))
    condition.property = trait
    return FilterExpression(filter=condition)


@st.composite
def _behaviors(draw: st.DrawFn, world: World) -> FilterExpression:
    behavior = Behavior()
    behavior.CopyFrom(draw(behaviors(world)))
    if draw(st.booleans()):
        behavior.within.CopyFrom(draw(_since_an_event(world)))
    return FilterExpression(did=behavior)


@st.composite
def _since_an_event(draw: st.DrawFn, world: World) -> Duration:
    """Draw how long ago an event was, or a millisecond more or less."""
    now = milliseconds_of(world.now)
    past = [now - event.time for event in stored(world.events, world.now)] or [1]
    length = draw(st.sampled_from(past)) + draw(st.sampled_from((0, 0, 1, -1)))
    return duration(min(max(length, 1), LONGEST))


def options_of_audience(tree: FilterExpression) -> set[str]:
    """The options that an audience uses."""
    found = list(trees_in(tree))
    kinds = {f"audience {each.WhichOneof('expression')}" for each in found}
    behaviors_ = (each.did for each in found if each.HasField("did"))
    return {
        "audience",
        *(kinds & EVERY_OPTION),
        *(option for each in behaviors_ for option in _options(each)),
    }


def _options(behavior: Behavior) -> Iterator[str]:
    used = {
        "of any event": not behavior.name,
        "at_least": behavior.at_least > 1,
        "within": behavior.HasField("within"),
        "at_least within": behavior.at_least > 1 and behavior.HasField("within"),
        "filters": bool(behavior.filters),
        "where": behavior.HasField("where"),
        "first_time": behavior.first_time,
        "first_time within": behavior.first_time and behavior.HasField("within"),
    }
    return (f"audience {option}" for option, is_used in used.items() if is_used)
