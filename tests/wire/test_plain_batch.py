"""What is read of a request right from its binary form is what the thorough way reads."""

import json
import math
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct, Value
from hypothesis import given
from hypothesis import strategies as st

from eventglass.ingest.accept import Row
from eventglass.ingest.accept_plain import accept_plain
from eventglass.ingest.batch import MAX_EVENTS, accept_batch
from eventglass.ingest.clock import Clock
from eventglass.ingest.identity import MAX_ID_BYTES
from eventglass.ingest.sender import UNKNOWN, Sender
from eventglass.transport.binary_decoder import read_binary
from eventglass.transport.plain_batch import SentBatch, read_plain_batch
from events.v1.event_pb2 import Event
from events.v1.events_service_pb2 import BatchCreateRequest

_CLOCK = Clock(now_ms=1_700_000_000_000)
_BROWSER = Sender(
    user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", country="FR"
)

_names = st.one_of(
    st.text(st.sampled_from("ab.$"), max_size=4),
    st.sampled_from(["$url", "$referrer", "$ip", "$geo.country", "n" * 127, "ü" * 99]),
)
_leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.text(max_size=4),
    st.just("https://shop.example.com/?utm_source=mail"),
    st.sampled_from(["x" * 125, "x" * 126, "x" * 127, "x" * 128, "x" * 16_383, "x" * 16_384]),
)
_values = st.recursive(
    _leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(_names, inner, max_size=2)),
    max_leaves=4,
)


@st.composite
def _events(draw: st.DrawFn) -> Event:
    event = Event(
        name=draw(st.sampled_from(["", "view"])),
        event_id=draw(st.sampled_from(["1", "ü"])),
        user_id=draw(st.sampled_from(["", "ann"])),
        session_id=draw(st.sampled_from(["", "s"])),
    )
    event.properties.update(draw(st.dictionaries(_names, _values, max_size=5)))
    if draw(st.booleans()):
        event.timestamp.seconds = draw(st.sampled_from([-(2**62), 0, 1_600_000_000, 2**62]))
        event.timestamp.nanos = draw(st.sampled_from([0, 5_000_000]))
    if draw(st.booleans()):
        event.context.update(draw(st.dictionaries(_names, _values, max_size=2)))
    return event


@given(
    events=st.lists(_events(), min_size=1, max_size=4),
    skew_ms=st.sampled_from([0, 1_000, -1_000, 2**62, -(2**62)]),
    sender=st.sampled_from([UNKNOWN, _BROWSER]),
)
def test_every_batch_whose_events_have_ids_is_read_as_the_thorough_way_does(
    events: list[Event], skew_ms: int, sender: Sender
) -> None:
    data = BatchCreateRequest(events=events).SerializeToString()
    clock = Clock(now_ms=_CLOCK.now_ms, skew_ms=skew_ms)

    plain = read_plain_batch(data)

    assert plain is not None
    assert _judged(plain, clock, sender) == _judged(_thorough(data), clock, sender)


def test_what_most_senders_send_is_accepted_at_once() -> None:
    events = [
        Event(name="view", event_id="1", anonymous_id="d"),
        Event(name="buy", event_id="2", user_id="ann"),
    ]
    events[0].properties.update({"$url": "https://shop.example.com/", "price": 1, "vip": False, "none": None})
    events[1].timestamp.seconds = 1_600_000_000
    data = BatchCreateRequest(events=events).SerializeToString()
    clock = Clock(now_ms=_CLOCK.now_ms, skew_ms=-5)
    plain = read_plain_batch(data)
    assert plain is not None

    rows = accept_plain(plain.events, clock, UNKNOWN)

    assert rows is not None
    assert ([_written(row) for row in rows], []) == _judged(_thorough(data), clock)


@pytest.mark.parametrize("size", [MAX_ID_BYTES // 4, MAX_ID_BYTES // 4 + 1, MAX_ID_BYTES, MAX_ID_BYTES + 1])
def test_long_ids_are_judged_as_by_themselves(size: int) -> None:
    event = Event(name="view", event_id="ü" * (size // 2) + "x" * (size % 2))
    data = BatchCreateRequest(events=[event]).SerializeToString()

    plain = read_plain_batch(data)

    assert plain is not None
    assert _judged(plain) == _judged(_thorough(data))


@pytest.mark.parametrize("nanos", [-1, 1_000_000_000])
def test_times_that_are_none_are_left_to_the_thorough_way(nanos: int) -> None:
    event = Event(name="view", event_id="1")
    event.timestamp.nanos = nanos

    assert read_plain_batch(BatchCreateRequest(events=[event]).SerializeToString()) is None


@given(
    event=_events(),
    where=st.floats(0, 1, exclude_max=True),
    gone=st.integers(0, 2),
    put=st.binary(max_size=2),
)
def test_bytes_that_are_spoilt_are_read_as_the_thorough_way_does_or_not_at_all(
    event: Event, where: float, gone: int, put: bytes
) -> None:
    data = BatchCreateRequest(events=[event]).SerializeToString()
    at = int(where * len(data))
    data = data[:at] + put + data[at + gone :]

    plain = read_plain_batch(data)

    if plain is not None:
        assert not read_binary(data, BatchCreateRequest).findings.violations
        assert _judged(plain) == _judged(_thorough(data))


def _entry(name: bytes, value: Value) -> bytes:
    return _field(1, _field(1, name) + _field(2, value.SerializeToString()))


def _field(number: int, content: bytes) -> bytes:
    assert len(content) < 128
    return bytes([8 * number + 2, len(content)]) + content


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        pytest.param(
            _entry(b"a", Value(string_value="x")) + _entry(b"a", Value(number_value=1)), {"a": 1.0}, id="last"
        ),
        pytest.param(_entry(b"a", Value(bool_value=True)) + _entry(b"a", Value(null_value=0)), {}, id="none"),  # type: ignore[arg-type]
        pytest.param(
            _entry(b"a", Value(null_value=0)) + _entry(b"a", Value(bool_value=False)),  # type: ignore[arg-type]
            {"a": False},
            id="false",
        ),
        pytest.param(_entry(b"a", Value(string_value="")) + _entry(b"b", Value()), {}, id="empty"),
        pytest.param(_field(1, _field(2, b"\x20\x01") + _field(1, b"a")), {"a": True}, id="turned round"),
        pytest.param(_field(1, _field(1, b"a") + _field(2, b"\x20\x01\x20\x00")), {"a": False}, id="two"),
        pytest.param(_entry(b"a", Value(number_value=-0.0)), {"a": 0.0}, id="no sign"),
    ],
)
def test_entries_as_some_write_them(properties: bytes, expected: dict[str, Any]) -> None:
    data = _field(1, _field(1, b"view") + _field(2, properties) + _field(7, b"id"))

    (row,) = _judged(_thorough(data))[0]
    plain = read_plain_batch(data)

    assert row["properties"] == expected
    assert plain is None or _judged(plain)[0] == [row]


@pytest.mark.parametrize(
    "properties",
    [
        pytest.param(_entry(b"\xff", Value(bool_value=True)), id="name is no UTF-8"),
        pytest.param(_field(1, _field(1, b"a") + _field(2, b"\x1a\x01\xff")), id="text is no UTF-8"),
        pytest.param(
            _field(1, _field(1, b"a") + _field(2, b"\x20\x01") + b"\x18\x01"), id="field of an entry"
        ),
        pytest.param(_field(1, _field(1, b"a") + _field(2, b"\x20\x01\x38\x01")), id="field of a value"),
        pytest.param(_entry(b"a", Value(bool_value=True)) + b"\x10\x01", id="field of the struct"),
        pytest.param(b"\x0a\x05\x0a\x01", id="cut off"),
        pytest.param(_field(1, _field(1, b"a") + _field(2, b"\x08\x80")), id="null that is cut off"),
    ],
)
def test_what_the_thorough_way_refuses_is_not_read(properties: bytes) -> None:
    data = _field(1, _field(1, b"view") + _field(2, properties) + _field(7, b"id"))

    assert read_binary(data, BatchCreateRequest).findings.violations
    assert read_plain_batch(data) is None


def test_what_a_batch_is_named_by_is_left_to_the_thorough_way() -> None:
    request = BatchCreateRequest(events=[Event(name="view", event_id="1"), Event(name="view")])

    assert read_plain_batch(request.SerializeToString()) is None


@pytest.mark.parametrize("number", [0, MAX_EVENTS + 1])
def test_a_batch_of_a_wrong_size_is_left_to_the_thorough_way(number: int) -> None:
    request = BatchCreateRequest(events=[Event(name="view", event_id="1")] * number)

    assert read_plain_batch(request.SerializeToString()) is None


def test_the_time_of_sending_is_read() -> None:
    request = BatchCreateRequest(events=[Event(name="view", event_id="1")])
    request.sent_at.FromJsonString("2024-03-01T00:00:00.5Z")

    plain = read_plain_batch(request.SerializeToString())

    assert plain is not None
    assert plain.sent_at is not None
    assert plain.sent_at.isoformat() == "2024-03-01T00:00:00.500000+00:00"
    request.sent_at.seconds = 2**60
    assert read_plain_batch(request.SerializeToString()) is None


def test_many_values_are_read_as_few() -> None:
    """More than are kept, and each of them twice."""
    properties = [Struct() for _ in range(250)]
    for number, each in enumerate(properties):
        each.update({f"p{index}": float(number * 100 + index) for index in range(100)})
    events = [Event(name="view", event_id="1", properties=each) for each in [*properties, *properties]]

    plain = read_plain_batch(BatchCreateRequest(events=events).SerializeToString())

    assert plain is not None
    rows = _judged(plain)[0]
    assert [row["properties"]["p7"] for row in rows] == [number * 100 + 7 for number in range(250)] * 2


def _thorough(data: bytes) -> SentBatch:
    return SentBatch(events=BatchCreateRequest.FromString(data).events, sent_at=None)


def _judged(
    batch: SentBatch, clock: Clock = _CLOCK, sender: Sender = UNKNOWN
) -> tuple[list[dict[str, Any]], list[Any]]:
    rows, rejected = accept_batch(batch.events, clock, sender)
    return [_written(row) for row in rows], rejected


def _written(row: Row) -> dict[str, Any]:
    """Give a row whose properties stand in any order."""
    properties = json.loads(row.properties)
    assert all(math.isfinite(value) for value in properties.values() if isinstance(value, float))
    return {**row._asdict(), "properties": properties}
