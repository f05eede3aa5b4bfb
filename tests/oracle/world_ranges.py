"""Random ranges about the events of a small world."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from insights.v1.query_spec_pb2 import QuerySpec
from insights.v1.time_pb2 import Granularity, TimeRange
from tests.oracle.choosing import one_in, weighted
from tests.oracle.funnel_worlds import moments
from tests.oracle.history import milliseconds_of
from tests.oracle.range_specs import LENGTHS, ranges
from tests.oracle.series import timestamp
from tests.oracle.worlds import World
from tests.oracle.years import of_a_range
from tests.oracle.zones import DAY, HOUR


def draw_times(
    draw: st.DrawFn, spec: QuerySpec, world: World, *, choice: Sequence[Granularity], most: int
) -> None:
    """Choose a granularity that often fits the world, and a range with about so many buckets at most."""
    times = moments(world)
    length = (max(times) - min(times)) // timedelta(milliseconds=1)
    fitting = [it for it in choice if most // 8 <= length // LENGTHS[it] <= most] or choice
    spec.granularity = draw(st.sampled_from(choice if draw(one_in(4)) else fitting))
    zone = ZoneInfo(spec.timezone or world.timezone)
    of_calendar = ranges(draw(st.sampled_from(times)), zone, spec.granularity, most)
    longest = most * LENGTHS[spec.granularity]
    whole = around(world, longest)
    spec.time_range.CopyFrom(
        draw(weighted(*[whole] * 5, at_events(world, longest), of_calendar, of_calendar))
    )


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
    first, after = of_a_range(start, min(max(end, start + 1), start + longest))
    return TimeRange(start=timestamp(first), end=timestamp(after))
