"""Random valid questions for paths about a given world."""

from datetime import timedelta
from itertools import pairwise

from google.protobuf.duration_pb2 import Duration
from hypothesis import strategies as st

from insights.v1.paths_pb2 import PathsBy
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.oracle import pools
from tests.oracle.choosing import one_in, weighted
from tests.oracle.funnel_worlds import moments
from tests.oracle.history import milliseconds_of
from tests.oracle.selector_specs import draw_conditions, selectors
from tests.oracle.world_ranges import around, at_events
from tests.oracle.worlds import World
from tests.oracle.zones import DAY

BY = (PathsBy.PATHS_BY_UNSPECIFIED, PathsBy.PATHS_BY_SESSIONS, PathsBy.PATHS_BY_USERS, PathsBy.PATHS_BY_USERS)
STEPS = (0, 0, 1, 2, 3, 4, 10)
NODES = (0, 1, 1, 2, 3, 100)

# Names, and properties that a small world's events have, more often than others.
_USUAL_NODES = ("", "", "", pools.PLAN, pools.AMOUNT, pools.FLAG, pools.COUNTRY)

_NO_LABEL = ("",)  # paths show none
_LONGEST = 6 * 365 * DAY
_MOST_GAP = 366 * DAY


@st.composite
def path_specs(draw: st.DrawFn, world: World, *, first_time: bool = False) -> QuerySpec:
    """Draw a valid question for paths.

    Args:
        draw: Hypothesis'.
        world: Where names, values and times come from.
        first_time: Whether `first_time` occurs (then draw the world with `all_have_ids`).
    """
    spec = QuerySpec(visualization=Visualization.VISUALIZATION_PATHS)
    spec.timezone = draw(st.sampled_from(("", world.timezone, *pools.ZONES)))
    draw_conditions(draw, spec, world)
    spec.time_range.CopyFrom(draw(weighted(*[around(world, _LONGEST)] * 6, at_events(world, _LONGEST))))
    options = spec.paths
    edge = draw(st.sampled_from(("", "", "start_event", "end_event")))
    if edge:
        getattr(options, edge).CopyFrom(draw(selectors(world, first_time=first_time, labels=_NO_LABEL)))
    options.node_property = draw(st.sampled_from(pools.NAMEABLE if draw(one_in(3)) else _USUAL_NODES))
    options.by = draw(st.sampled_from(BY))
    options.max_steps = draw(st.sampled_from(STEPS))
    options.max_nodes = draw(st.sampled_from(NODES))
    options.collapse_repeats = draw(one_in(3))
    if options.by == PathsBy.PATHS_BY_USERS and draw(st.booleans()):
        options.gap.CopyFrom(draw(_gaps(world)))
    if not options.ListFields():
        spec.ClearField("paths")
    return spec


def _gaps(world: World) -> st.SearchStrategy[Duration]:
    """A pause between two of the world's events, or a millisecond shorter or longer."""
    times = sorted({milliseconds_of(moment) for moment in moments(world)})
    pauses = [after - before for before, after in pairwise(times)] or [1000]
    gap = st.builds(
        lambda pause, beside: pause + beside, st.sampled_from(pauses), st.sampled_from((0, 1, -1))
    )
    return gap.map(lambda length: _duration(min(max(length, 1), _MOST_GAP)))


def _duration(length: int) -> Duration:
    made = Duration()
    made.FromTimedelta(timedelta(milliseconds=length))
    return made
