"""Random ranges about the events of a small world."""

from datetime import timedelta

from hypothesis import strategies as st

from insights.v1.time_pb2 import TimeRange
from tests.oracle.funnel_worlds import moments
from tests.oracle.history import milliseconds_of
from tests.oracle.series import timestamp
from tests.oracle.worlds import World
from tests.oracle.zones import DAY, HOUR


@st.composite
def at_events(draw: st.DrawFn, world: World, longest: int) -> TimeRange:
    """From an event to another, or a millisecond beside them."""
    times = [milliseconds_of(moment) for moment in moments(world)]
    edges = st.builds(
        lambda time, beside: time + beside, st.sampled_from(times), st.sampled_from((0, 0, 1, -1))
    )
    start, end = sorted((draw(edges), draw(edges)))
    return _range(start, end, longest)


@st.composite
def around(draw: st.DrawFn, world: World, longest: int) -> TimeRange:
    """All events, if that is not too long."""
    times = moments(world)
    margin = timedelta(milliseconds=draw(st.sampled_from((1, 60_000, HOUR, DAY))))
    return _range(milliseconds_of(min(times) - margin), milliseconds_of(max(times) + margin), longest)


def _range(start: int, end: int, longest: int) -> TimeRange:
    return TimeRange(start=timestamp(start), end=timestamp(min(max(end, start + 1), start + longest)))
