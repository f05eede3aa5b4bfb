"""Random behaviours: what a person did before, somewhere in an and/or/not tree."""

from collections.abc import Iterator

from google.protobuf.message import Message
from hypothesis import strategies as st

from insights.v1.filter_pb2 import Behavior, FilterExpression, FilterGroup
from insights.v1.query_spec_pb2 import QuerySpec
from tests.oracle import pools
from tests.oracle.choosing import one_in, weighted
from tests.oracle.filter_specs import negated, splitting, trees
from tests.oracle.lengths import lengths, short_lengths
from tests.oracle.worlds import World
from tests.oracle.zones import DAY

LONGEST = 3_660 * DAY
_ONCE = (0, 0, 1)
_OFTEN = (*_ONCE, *_ONCE, 2, 2, 2, 2, 3, 3, 10_000)

EVERY_OPTION = frozenset(
    {
        *("did", "did of any event", "did filters", "did where", "did first_time", "did at_least"),
        *("did within", "did at_least within", "did first_time within", "not did", "several did"),
    }
)


@st.composite
def past(draw: st.DrawFn, world: World) -> FilterExpression:
    """Draw a tree that asks for behaviour, beside other conditions perhaps."""
    leaf = _leaves(world)
    anything = st.one_of(leaf, leaf.map(negated), trees(world.values, 2))
    group = st.tuples(leaf, anything).map(lambda both: FilterGroup(expressions=draw(st.permutations(both))))
    return draw(
        st.one_of(
            leaf,
            leaf.map(negated),
            group.map(lambda it: FilterExpression(all_of=it)),
            group.map(lambda it: FilterExpression(any_of=it)),
        )
    )


def _leaves(world: World) -> st.SearchStrategy[FilterExpression]:
    return behaviors(world).map(lambda it: FilterExpression(did=it))


@st.composite
def behaviors(draw: st.DrawFn, world: World) -> Behavior:
    """Draw a behaviour, mostly of a name that occurs."""
    names = [event.name for event in world.events] or pools.EVENT_NAMES
    behavior = Behavior(
        name=draw(st.sampled_from(names)) if draw(st.integers(0, 3)) else "",
        first_time=draw(st.sampled_from((False, False, True))),
    )
    behavior.at_least = draw(st.sampled_from(_ONCE if behavior.first_time else _OFTEN))
    # That it was the first time says something only where it may be too long ago.
    if not draw(one_in(8)) if behavior.first_time else draw(st.booleans()):
        short = short_lengths(world, longest=LONGEST)
        behavior.within.CopyFrom(draw(weighted(short, short, short, lengths(world, longest=LONGEST))))
    if draw(one_in(4)):
        behavior.filters.append(draw(splitting(world.values)))
    if draw(one_in(4)):
        leaf = splitting(world.values).map(lambda it: FilterExpression(filter=it))
        behavior.where.CopyFrom(draw(weighted(leaf, leaf.map(negated), trees(world.values, 2))))
    return behavior


def options_of_behaviors(spec: QuerySpec) -> set[str]:
    """The options of the behaviours that a spec asks for anywhere."""
    trees = list(trees_in(spec))
    found = [tree.did for tree in trees if tree.HasField("did")]
    return {
        *(option for behavior in found for option in _options(behavior)),
        *(["not did"] if any(tree.HasField("not") and _is_did(tree) for tree in trees) else []),
        *(["several did"] if len(found) > 1 else []),
    }


def _options(behavior: Behavior) -> Iterator[str]:
    used = {
        "did": True,
        "did of any event": not behavior.name,
        "did filters": bool(behavior.filters),
        "did where": behavior.HasField("where"),
        "did first_time": behavior.first_time,
        "did at_least": behavior.at_least > 1,
        "did within": behavior.HasField("within"),
        "did at_least within": behavior.at_least > 1 and behavior.HasField("within"),
        "did first_time within": behavior.first_time and behavior.HasField("within"),
    }
    return (option for option, is_used in used.items() if is_used)


def _is_did(negation: FilterExpression) -> bool:
    return FilterExpression.HasField(getattr(negation, "not"), "did")


def trees_in(message: Message) -> Iterator[FilterExpression]:
    """Every tree in a message, and every tree in it."""
    if isinstance(message, FilterExpression):
        yield message
    for field, content in message.ListFields():
        if field.message_type is not None and not field.message_type.full_name.startswith("google."):
            for each in content if field.is_repeated else [content]:
                yield from trees_in(each)
