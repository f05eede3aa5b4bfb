"""Random worlds: a few dozen events that crowd around a change of the clock or calendar."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct, Value
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import strategies as st

from events.v1.event_pb2 import Event
from tests.oracle import pools
from tests.oracle.choosing import weighted
from tests.oracle.history import Json, stored
from tests.oracle.identities import Call, identified
from tests.oracle.identity_specs import calls
from tests.oracle.values import compact_json, read
from tests.oracle.years import moved_by


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The events of one project in the order in which they are sent, and when they are asked about."""

    events: list[Event]
    now: datetime
    timezone: str  # the project's
    week_start: str  # "monday" or "sunday"
    anchor: datetime  # what the events crowd around
    values: Mapping[str, Sequence[Json]]  # what the events have under each property's name
    calls: Sequence[Call] = field(default_factory=list)  # what is said of persons, in that order


@st.composite
def worlds(draw: st.DrawFn, *, all_have_ids: bool = False) -> World:
    """Draw a world. Without `all_have_ids` some events come without an event_id."""
    timezone, anchor = draw(st.sampled_from(pools.SCENES))
    moments = draw(st.lists(times(anchor), min_size=1, max_size=20))
    least = draw(st.sampled_from((0, 15, 30, 30, 30)))
    events = draw(st.lists(_events(moments, anchor), min_size=least, max_size=least + 20))
    if all_have_ids:
        for place, event in enumerate(events):
            event.event_id = event.event_id or f"made-up-{place}"
    said = draw(calls(moments))
    copies = draw(st.lists(st.sampled_from(events), max_size=4)) if events else []
    return World(
        events=[*events, *(copy for copy in copies if copy.event_id)],
        now=draw(_nows(moments, anchor)),
        timezone=timezone,
        week_start=draw(st.sampled_from(("monday", "monday", "sunday"))),
        anchor=anchor,
        values=values_by_name(events, anchor, said),
        calls=said,
    )


def times(anchor: datetime) -> st.SearchStrategy[datetime]:
    """Times near an instant: to the millisecond, within minutes, days, months, and a year before."""
    near = st.sampled_from((0, 1, -1, 500, -60_000, 60_000, 1_800_000, -1_800_000, 3_600_000, -3_600_000))
    hours = st.integers(-3 * 3_600_000, 3 * 3_600_000)
    days = st.integers(-5 * 24 * 4, 5 * 24 * 4).map(lambda quarter_hours: quarter_hours * 900_000)
    months = st.integers(-400, 120).map(lambda number: number * 86_400_000)
    offsets = weighted(near, near, near, hours, hours, hours, days, days, months)
    year_before = st.sampled_from((0, 0, 0, 0, 0, 0, 365, 366)).map(lambda number: number * -86_400_000)
    return st.builds(lambda *parts: moved_by(anchor, sum(parts)), offsets, year_before)


def values_by_name(events: list[Event], anchor: datetime, said: Sequence[Call]) -> dict[str, list[Json]]:
    """The distinct values of each name that may be read, in order of appearance."""
    history = identified(stored(events, anchor), said, anchor + timedelta(days=1500))
    values: dict[str, list[Json]] = {}
    for name in (*pools.READABLE, *pools.TRAITS):
        found = [read(event, name) for event in history]
        distinct = {compact_json(content): content for content in found if content is not None}
        values[name] = list(distinct.values())
    for name in pools.OF_SESSIONS:
        _, _, of_event = name.split(".", 2)
        values[name] = values[of_event]
    return values


def _nows(moments: list[datetime], anchor: datetime) -> st.SearchStrategy[datetime]:
    """Mostly later than all events; else at one of them, or a millisecond before."""
    later = st.just(anchor + timedelta(days=1500))
    moment = st.sampled_from(moments)
    return weighted(*[later] * 6, moment, moment.map(lambda it: moved_by(it, -1)))


@st.composite
def _events(draw: st.DrawFn, moments: list[datetime], anchor: datetime) -> Event:
    time = draw(weighted(st.sampled_from(moments), st.sampled_from(moments), times(anchor)))
    event = Event(
        name=draw(st.sampled_from((*["buy"] * 4, "view", *pools.EVENT_NAMES))),
        timestamp=timestamp(time, below_millisecond=draw(st.sampled_from((0, 0, 0, 999_999)))),
        user_id=draw(st.sampled_from(pools.USER_IDS)),
        anonymous_id=draw(st.sampled_from(pools.ANONYMOUS_IDS)),
        session_id=draw(st.sampled_from(pools.SESSION_IDS)),
        event_id=draw(st.sampled_from(_EVENT_IDS)),
    )
    event.properties.CopyFrom(struct(draw(_properties())))
    return event


@st.composite
def _properties(draw: st.DrawFn) -> dict[str, Json]:
    names = draw(st.sets(st.sampled_from(pools.PROPERTIES), max_size=4)) | draw(_OFTEN)
    properties: dict[str, Json] = {}
    for name in sorted(names):
        place = draw(st.sampled_from(_PLACES[name]))
        properties.update(place(draw(_VALUES[name])))
    if draw(st.sampled_from((*[False] * 9, True))):
        properties["$event_name"] = "a property that the fact shadows"
    return properties


# Few enough that an event sometimes takes the id of another one.
_EVENT_IDS = ("", *pools.UUIDS, *[f"e{number}" for number in range(200)])


def _flat(name: str) -> list[Callable[[Json], dict[str, Json]]]:
    return [lambda value: {name: value}]


# Properties to compute with and to break down by are in most events.
_OFTEN = st.sampled_from(
    (
        set[str](),
        {pools.AMOUNT},
        {pools.AMOUNT, pools.PLAN},
        {pools.AMOUNT, pools.COUNTRY},
        {pools.PRICE, pools.FLAG},
    )
)

# How a property may be placed in an event.
_PLACES: dict[str, list[Callable[[Json], dict[str, Json]]]] = {
    **{name: _flat(name) for name in pools.PROPERTIES},
    pools.COUNTRY: [
        lambda value: {"$geo.country": value},
        lambda value: {"$geo": {"country": value}},
        lambda value: {"$geo": {"country": value, "city": "Bonn"}, "$geo.country": "flat wins"},
        lambda value: {"$geo": {"country": value}, "$geo.country": None},
        lambda value: {"$geo": [{"country": value}]},
        lambda value: {"$geo": value},
    ],
    pools.DEEP: [
        lambda value: {"a.b.c": value},
        lambda value: {"a": {"b": {"c": value}}},
        lambda value: {"a.b": {"c": value}},
        lambda value: {"a": {"b.c": value}},
        lambda value: {"a": {"b": value, "b.c": "inner"}},
        lambda value: {"a.b": {"c": ""}, "a": {"b": {"c": value}}},
        lambda value: {"a.b": {"c": value}, "a": {"b": {"c": "shorter key"}, "b.c": "shorter too"}},
        lambda value: {"a.b": value, "a": 5.0},
    ],
}

_TEXTS = st.sampled_from((*pools.TEXTS, *pools.NUMERIC_TEXTS, ""))
_ANYTHING = st.one_of(
    _TEXTS,
    st.sampled_from(pools.NUMBERS),
    st.sampled_from(pools.BOOLEANS),
    st.none(),
    st.sampled_from(pools.LISTS),
    st.sampled_from(pools.OBJECTS),
)
_FEW: st.SearchStrategy[Json] = st.sampled_from(("free", "pro", "Pro", 1.0, "1", True, "true", 5.0, None, ""))
_AMOUNTS: st.SearchStrategy[Json] = st.sampled_from((*pools.AMOUNTS, *pools.AMOUNTS, *pools.AMOUNT_TEXTS))

# What a property may be. Those that are broken down by have few values, so that groups have several events.
_VALUES: dict[str, st.SearchStrategy[Json]] = {
    pools.PLAN: weighted(_FEW, _FEW, _ANYTHING),
    pools.AMOUNT: weighted(_AMOUNTS, _AMOUNTS, _AMOUNTS, st.sampled_from((None, "", "abc", True, [20.5]))),
    pools.PRICE: st.sampled_from((*pools.PRICES, None)),
    pools.COUNTRY: st.sampled_from(("DE", "DE", "FR", "de", 49.0, "", None, False)),
    pools.DEEP: st.one_of(_FEW, _ANYTHING),
    pools.WHEN: st.sampled_from((*pools.MOMENTS, *pools.NO_MOMENTS, 1711846800.0, None)),
    pools.FLAG: st.sampled_from((True, False, True, False, "true", "false", 1.0, 0.0, None)),
    pools.TAGS: st.one_of(st.sampled_from(pools.LISTS), st.sampled_from(pools.OBJECTS), _ANYTHING),
    pools.UNICODE: _ANYTHING,
    pools.HOSTILE: _ANYTHING,
}


def struct(properties: dict[str, Json]) -> Struct:
    """Write an object as the contract's message."""
    return ParseDict(properties, Struct())


def value(content: Json) -> Value:
    """Write a JSON value as the contract's message."""
    holder = ParseDict({"it": content}, Struct())
    return holder.fields["it"]


def timestamp(time: datetime, *, below_millisecond: int = 0) -> Timestamp:
    """Write a time as the contract's message, some nanoseconds after its millisecond."""
    message = Timestamp()
    message.FromDatetime(time)
    message.nanos += below_millisecond
    return message
