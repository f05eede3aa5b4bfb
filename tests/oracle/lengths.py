"""Random lengths of time, mostly about as long as it is from one event of a world to another."""

from itertools import combinations, pairwise

from google.protobuf.duration_pb2 import Duration
from hypothesis import strategies as st

from tests.oracle.choosing import weighted
from tests.oracle.funnel_steps import duration
from tests.oracle.funnel_worlds import moments
from tests.oracle.history import milliseconds_of
from tests.oracle.worlds import World
from tests.oracle.zones import DAY, HOUR


@st.composite
def lengths(draw: st.DrawFn, world: World, *, longest: int) -> Duration:
    """Draw a length of a millisecond up to so many."""
    times = sorted({milliseconds_of(moment) for moment in moments(world)})
    gaps = [later - earlier for earlier, later in combinations(times, 2)] or [1]
    about = st.builds(lambda gap, more: gap + more, st.sampled_from(gaps), st.sampled_from((0, 0, -1, 1)))
    fixed = st.sampled_from((1, 1000, 60_000, 90_000, HOUR, DAY, 7 * DAY, 30 * DAY, longest))
    whole = st.just(times[-1] - times[0] + 1)
    return duration(min(max(draw(weighted(about, about, whole, fixed)), 1), longest))


@st.composite
def short_lengths(draw: st.DrawFn, world: World, *, longest: int) -> Duration:
    """Draw how long somebody's next event came after another, or a millisecond less or more."""
    times: dict[str, list[int]] = {}
    for event in world.events:
        times.setdefault(event.user_id or event.anonymous_id, []).append(event.timestamp.ToMilliseconds())
    gaps = [later - earlier for each in times.values() for earlier, later in pairwise(sorted(set(each)))]
    length = draw(st.sampled_from(gaps or [1])) + draw(st.sampled_from((0, 0, -1, -1, 1)))
    return duration(min(max(length, 1), longest))
