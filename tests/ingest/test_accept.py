import json
from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from eventglass.ingest.accept import Incoming, Refusal, Row, accept, read_event
from eventglass.ingest.batch import accept_batch, batch_id
from eventglass.ingest.clock import Clock
from eventglass.ingest.identity import event_hash, key_of
from events.v1.event_pb2 import Event

NOW_MS = 1_800_000_000_000


def decided(event: Event, skew_ms: int = 0) -> Row | Refusal:
    incoming = read_event(event, "given")
    clock = Clock(now_ms=NOW_MS, skew_ms=skew_ms)
    return incoming if isinstance(incoming, Refusal) else accept(incoming, clock)


def _struct(values: dict[str, float]) -> Struct:
    struct = Struct()
    struct.update(values)
    return struct


def row(event: Event, skew_ms: int = 0) -> Row:
    accepted = decided(event, skew_ms)
    assert isinstance(accepted, Row)
    return accepted


def refusal(event: Event, *, skew_ms: int = 0) -> Refusal:
    refused = decided(event, skew_ms=skew_ms)
    assert isinstance(refused, Refusal)
    return refused


@pytest.mark.parametrize("field", ["event_id", "user_id", "anonymous_id", "session_id"])
def test_an_id_has_at_most_1024_bytes(field: str) -> None:
    event = Event(name="x", **{field: "ü" * 512})  # type: ignore[arg-type]
    longest = row(event)

    refused = refusal(Event(name="x", **{field: "ü" * 512 + "x"}))  # type: ignore[arg-type]

    assert getattr(longest, field) == "ü" * 512
    assert (refused.field, refused.reason) == (field, "TOO_LONG")


def test_ids_count_for_what_a_row_takes_while_it_waits() -> None:
    longest = "x" * 1_024
    event = Event(name="x", event_id=longest, user_id=longest, anonymous_id=longest, session_id=longest)

    assert row(event).size - row(Event(name="x", event_id="x")).size == 4 * 1_024 - 1


def test_an_event_keeps_what_it_came_with() -> None:
    event = Event(name="purchase", user_id="u", anonymous_id="a", session_id="s", event_id="e")
    event.properties.update({"price": 3, "tags": ["b", "a"], "geo": {"country": "DE"}, "vip": False})
    event.context.update({"os": {"name": "x"}, "build": 7})
    event.timestamp.FromDatetime(datetime(2024, 5, 1, 12, 0, 0, 999_999, tzinfo=UTC))

    accepted = row(event)

    assert json.loads(accepted.properties) == {
        "price": 3.0,
        "tags": ['["b","a"]'],
        "geo": ['{"country":"DE"}'],
        "geo~2Ecountry": "DE",
        "vip": False,
    }
    assert accepted._replace(properties="") == Row(
        event="purchase",
        time_ms=1_714_564_800_999,
        event_id="e",
        person=key_of("u"),
        user_id="u",
        anonymous_id="a",
        session_id="s",
        session=key_of("s"),
        properties="",
        context='{"build":7,"os":{"name":"x"}}',
    )


def test_the_person_is_the_user_else_the_device_else_nobody() -> None:
    assert row(Event(name="x", user_id="u", anonymous_id="a")).person == key_of("u")
    assert row(Event(name="x", anonymous_id="a")).person == key_of("a")
    assert row(Event(name="x")).person == 0
    assert row(Event(name="x", user_id="7")).person == row(Event(name="x", anonymous_id="7")).person


def test_keys_are_never_zero_for_an_id_and_fit_64_bits() -> None:
    keys = {key_of(str(number)) for number in range(10_000)}

    assert len(keys) == 10_000
    assert 0 not in keys
    assert max(keys) < 2**64


def test_a_project_and_an_id_are_not_confused_with_others() -> None:
    assert event_hash("ab", "c") != event_hash("a", "bc")


@pytest.mark.parametrize(
    ("seconds", "nanos", "expected"),
    [
        (0, 0, 0),
        (0, 1_999_999, 1),
        (-1, 999_999_999, -1),
        (-1, 1, -1_000),
        (-2_208_988_800, 0, -2_208_988_800_000),
        (1_799_999_999, 999_999_999, 1_799_999_999_999),
    ],
)
def test_times_are_cut_to_the_millisecond(seconds: int, nanos: int, expected: int) -> None:
    event = Event(name="x", timestamp=Timestamp(seconds=seconds, nanos=nanos))

    assert row(event).time_ms == expected


def test_an_event_without_a_time_has_the_time_it_came() -> None:
    assert row(Event(name="x")).time_ms == NOW_MS
    assert row(Event(name="x"), skew_ms=5_000).time_ms == NOW_MS


def test_a_clock_that_is_wrong_is_put_right() -> None:
    event = Event(name="x", timestamp=Timestamp(seconds=1_000))

    put_right = row(event, skew_ms=-250)
    assert (put_right.time_ms, put_right.correction_ms) == (999_750, -250)
    assert put_right.properties == "{}"


@pytest.mark.parametrize("ahead_ms", [1, 5_000, 10 * 366 * 86_400_000])
@pytest.mark.parametrize("skew_ms", [0, -250])
def test_what_is_dated_later_than_it_came_is_dated_back_and_says_so(ahead_ms: int, skew_ms: int) -> None:
    event = Event(name="x", properties=_struct({"a": 1}))
    event.timestamp.FromMilliseconds(NOW_MS + ahead_ms - skew_ms)

    dated = row(event, skew_ms=skew_ms)

    assert dated.time_ms == NOW_MS
    assert dated.time_ms - dated.correction_ms == NOW_MS + ahead_ms - skew_ms
    assert json.loads(dated.properties) == {"a": 1.0, "$time_clamped": True}


@given(
    offset_ms=st.integers(-10 * 366 * 86_400_000, 10 * 366 * 86_400_000),
    age_ms=st.integers(0, 10**9),
    delay_ms=st.integers(0, 60_000),
)
def test_a_clock_that_is_years_wrong_costs_no_more_than_the_way_takes(
    offset_ms: int, age_ms: int, delay_ms: int
) -> None:
    sent_ms = NOW_MS - delay_ms
    event = Event(name="x")
    event.timestamp.FromMilliseconds(sent_ms - age_ms + offset_ms)

    dated = row(event, skew_ms=NOW_MS - (sent_ms + offset_ms))

    assert 0 <= dated.time_ms - (sent_ms - age_ms) <= delay_ms


@pytest.mark.parametrize(
    ("event", "field", "reason"),
    [
        (Event(), "name", "REQUIRED"),
        (Event(name="x", timestamp=Timestamp(seconds=-2_208_988_801)), "timestamp", "OUT_OF_RANGE"),
        (Event(name="x", timestamp=Timestamp(seconds=10_413_792_000)), "timestamp", "OUT_OF_RANGE"),
        (Event(name="x", timestamp=Timestamp(seconds=253_402_300_799)), "timestamp", "OUT_OF_RANGE"),
        (Event(name="x", timestamp=Timestamp(nanos=-1)), "timestamp", "INVALID_TIMESTAMP"),
        (Event(name="x", timestamp=Timestamp(nanos=10**9)), "timestamp", "INVALID_TIMESTAMP"),
    ],
    ids=["name", "too early", "too late", "far too late", "nanos below", "nanos above"],
)
def test_a_wrong_event_is_refused_with_its_field(event: Event, field: str, reason: str) -> None:
    refused = refusal(event)

    assert (refused.field, refused.reason) == (field, reason)


@pytest.mark.parametrize(
    ("seconds", "field"),
    [(NOW_MS // 1_000, "sent_at"), (-2_208_988_800, "sent_at"), (-2_208_988_801, "timestamp")],
    ids=["a right time", "the earliest time", "too early anyway"],
)
def test_of_two_times_the_wrong_one_is_named(seconds: int, field: str) -> None:
    """A batch that says it was sent in the year 2999 takes its events back to before 1900."""
    event = Event(name="x", timestamp=Timestamp(seconds=seconds))

    refused = refusal(event, skew_ms=-1_000 * 366 * 86_400_000)

    assert (refused.field, refused.reason) == (field, "OUT_OF_RANGE")


def test_a_number_that_is_not_finite_is_refused_by_name() -> None:
    event = Event(name="x")
    event.properties.update({"a": {"b": [1, float("nan")]}})

    assert (refusal(event).field, refusal(event).reason) == ("properties.a.b[1]", "NOT_FINITE")

    event = Event(name="x")
    event.context.update({"c": float("inf")})

    assert refusal(event).field == "context.c"


def test_names_in_messages_are_short_and_on_one_line() -> None:
    event = Event(name="x")
    event.properties.update({"a\n" * 1_000: float("nan")})

    assert len(refusal(event).field) < 130
    assert "\n" not in refusal(event).field


def test_a_thousand_properties_are_fine_and_one_more_is_not() -> None:
    event = Event(name="x")
    event.properties.update({f"p{number}": number for number in range(1_000)})
    assert isinstance(decided(event), Row)

    event.properties.update({"one": "more"})

    assert refusal(event).reason == "TOO_MANY_PROPERTIES"


def test_a_batch_without_ids_gets_them_from_its_content_and_order() -> None:
    one, two = Event(name="x"), Event(name="y")
    one.properties.update({"a": 1, "b": 2})
    same = Event(name="x")
    same.properties.update({"b": 2, "a": 1})

    assert batch_id([one, two]) == batch_id([same, two])
    assert batch_id([one, two]) != batch_id([two, one])
    assert batch_id([one]) != batch_id([one, one])
    rows, _ = accept_batch([one, one, two], Clock(NOW_MS))
    assert len({each.event_id for each in rows}) == 3


def test_refused_events_keep_their_places() -> None:
    rows, rejected = accept_batch([Event(name="a"), Event(), Event(name="b"), Event()], Clock(NOW_MS))

    assert [each.event for each in rows] == ["a", "b"]
    assert [each.index for each in rejected] == [1, 3]


def test_times_from_before_1970_are_as_good() -> None:
    moment = datetime(1969, 12, 31, 23, 59, 59, 1_500, tzinfo=UTC)
    event = Event(name="x")
    event.timestamp.FromDatetime(moment)

    assert row(event).time_ms == -(timedelta(seconds=1) // timedelta(milliseconds=1)) + 1


def test_incoming_defaults_are_nobody_and_nothing() -> None:
    accepted = accept(Incoming(name="x", time_ms=None, event_id="e"), Clock(now_ms=NOW_MS))

    assert isinstance(accepted, Row)
    assert (accepted.person, accepted.session, accepted.properties, accepted.context) == (0, 0, "{}", "")
