"""Small dense worlds, where the errors of funnels live, and long sparse ones for retentions.

Few persons, names and values, many events of one millisecond, repeats and restarts.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from events.v1.event_pb2 import Event
from tests.oracle import pools
from tests.oracle.choosing import weighted
from tests.oracle.history import Json
from tests.oracle.identity_specs import calls
from tests.oracle.worlds import World, struct, timestamp, values_by_name, worlds
from tests.oracle.years import moved_by
from tests.oracle.zones import DAY, HOUR

NAMES = pools.EVENT_NAMES[:4]

# (user_id, anonymous_id) of persons; some are the same person. The last one is nobody.
_IDENTITIES = (("u1", ""), ("u2", ""), ("u2", "d1"), ("", "d1"), ("", "d2"), ("x", "d2"), ("", "x"))
_NOBODY = ("", "")

_VALUES: dict[str, tuple[Json, ...]] = {
    pools.PLAN: ("free", "pro", 5.0, "5", True, "true", [1.0], "", None),
    pools.FLAG: (True, False, "true", 1.0, None),
    pools.COUNTRY: ("DE", "FR", 49.0, "49", None),
    pools.AMOUNT: (*pools.AMOUNTS, "20.5", "abc", None),
}

# Between one event's time and the next possible one.
_FUNNEL_STEPS = (1, 1, 1000, 1000, 60_000, 20 * 60_000, 6 * HOUR, DAY, 5 * DAY)
_RETENTION_STEPS = (HOUR, HOUR, DAY, DAY, DAY, 7 * DAY, 30 * DAY)
_NEAR = (0, 0, 0, 0, 0, 0, 1, -1)
_FAR = (0, 0, 1, -1, HOUR, -HOUR, HOUR // 2, 5 * HOUR, -9 * HOUR)


@st.composite
def funnel_worlds(draw: st.DrawFn, *, all_have_ids: bool = False) -> World:
    """Draw a world of at most 28 events that crowd on a few milliseconds. Some come without an event_id."""
    timezone, anchor = draw(st.sampled_from(pools.SCENES))
    step = draw(st.sampled_from(_FUNNEL_STEPS))
    slots = draw(st.sampled_from((2, 4, 6, 12, 24, 24)))
    offsets = st.builds(
        lambda slot, near: slot * step + near, st.integers(-slots // 2, slots), st.sampled_from(_NEAR)
    )
    events = draw(
        _all_events(_times(anchor, offsets), persons=draw(st.sampled_from((1, 2, 4, 4, 5))), most_events=28)
    )
    return draw(_worlds(events, anchor, timezone, step, all_have_ids=all_have_ids))


@st.composite
def retention_worlds(draw: st.DrawFn, *, all_have_ids: bool = False) -> World:
    """Draw a world of at most 36 events over many hours, days, weeks or months, with gaps."""
    timezone, anchor = draw(st.sampled_from(pools.SCENES))
    step = draw(st.sampled_from(_RETENTION_STEPS))
    most = draw(st.sampled_from((4, 12, 12, 80 if step < 7 * DAY else 12)))
    offsets = st.builds(lambda period, far: period * step + far, st.integers(-3, most), st.sampled_from(_FAR))
    events = draw(
        _all_events(_times(anchor, offsets), persons=draw(st.sampled_from((1, 3, 4, 5))), most_events=36)
    )
    return draw(_worlds(events, anchor, timezone, step, all_have_ids=all_have_ids))


def worlds_of_returns(*, all_have_ids: bool = False) -> st.SearchStrategy[World]:
    """Draw any world, or one in which persons come back."""
    return st.one_of(worlds(all_have_ids=all_have_ids), retention_worlds(all_have_ids=all_have_ids))


def moments(world: World) -> list[datetime]:
    """The times of all events; the anchor, if there are none."""
    return [event.timestamp.ToDatetime(UTC) for event in world.events] or [world.anchor]


@st.composite
def _worlds(
    draw: st.DrawFn, events: list[Event], anchor: datetime, timezone: str, step: int, *, all_have_ids: bool
) -> World:
    """Number the events, and ask about them mostly later than all of them."""
    for place, event in enumerate(events):
        if all_have_ids or draw(st.booleans()):
            event.event_id = f"e{place * 7 % 10}-{place}"  # not in the order of the events
    later = st.just(anchor + timedelta(days=3000))
    times = [event.timestamp.ToDatetime(UTC) for event in events] or [anchor]
    said = draw(calls(times))
    close = st.builds(
        moved_by,
        st.sampled_from(times),
        st.sampled_from((0, -1, step, 3 * step, 40 * step)),
    )
    return World(
        events=events,
        now=draw(weighted(later, later, later, close)),
        timezone=timezone,
        week_start=draw(st.sampled_from(("monday", "monday", "sunday"))),
        anchor=anchor,
        values=values_by_name(events, anchor, said),
        calls=said,
    )


def _times(anchor: datetime, offsets: st.SearchStrategy[int]) -> st.SearchStrategy[datetime]:
    return offsets.map(lambda offset: moved_by(anchor, offset))


@st.composite
def _all_events(
    draw: st.DrawFn, times: st.SearchStrategy[datetime], *, persons: int, most_events: int
) -> list[Event]:
    """Draw events of few persons; each property has few values in a world."""
    identities = draw(st.lists(st.sampled_from(_IDENTITIES), min_size=persons, max_size=persons, unique=True))
    least_names = draw(st.sampled_from((2, 3, 4, 4)))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=least_names, max_size=4, unique=True))
    palettes = {
        name: draw(st.lists(st.sampled_from(contents), min_size=2, max_size=3))
        for name, contents in _VALUES.items()
    }
    sessions = draw(st.sampled_from((("s1",), ("s1", "s1", "s2"), ("", "s1", "s2", "s2"))))
    one = st.builds(
        _event,
        time=times,
        name=st.sampled_from(names),
        person=st.sampled_from((*identities * 6, _NOBODY)),
        session=st.sampled_from(sessions),
        properties=st.fixed_dictionaries({name: st.sampled_from(each) for name, each in palettes.items()}),
    )
    least = draw(st.sampled_from((0, most_events // 4, *[most_events * 2 // 3] * 4)))
    return draw(st.lists(one, min_size=least, max_size=most_events))


def _event(
    *, time: datetime, name: str, person: Sequence[str], session: str, properties: dict[str, Json]
) -> Event:
    user_id, anonymous_id = person
    event = Event(
        name=name,
        timestamp=timestamp(time),
        user_id=user_id,
        anonymous_id=anonymous_id,
        session_id=session,
    )
    event.properties.CopyFrom(
        struct({key: content for key, content in properties.items() if content is not None})
    )
    return event
