"""Of a batch in which one event cannot be read, the others are accepted."""

import json
from collections.abc import Sequence

import pytest

from eventglass.errors import InvalidArgumentError
from eventglass.ingest.accept import Row
from eventglass.ingest.batch import MAX_EVENTS, accept_batch
from eventglass.ingest.clock import Clock
from eventglass.transport.decoding import Encoding
from eventglass.transport.sent_batch import read_batch
from events.v1.event_pb2 import Event
from events.v1.events_service_pb2 import BatchCreateRequest, RejectedEvent

_CLOCK = Clock(now_ms=1_700_000_000_000)
_GOOD = '{"name": "good", "eventId": "1"}'

# An event as JSON, and what is said of it: the field, the reason.
_BAD = {
    "no object": ("null", "", "WRONG_TYPE"),
    "no text": ('{"name": 5}', "name", "WRONG_TYPE"),
    "unknown field": ('{"name": "x", "colour": 1}', "colour", "UNKNOWN_FIELD"),
    "given twice": ('{"name": "x", "name": "y"}', "", "REPEATED_FIELD"),
    "both spellings": ('{"name": "x", "userId": "a", "user_id": "b"}', "user_id", "REPEATED_FIELD"),
    "no instant": ('{"name": "x", "timestamp": "2026-05-01"}', "timestamp", "INVALID_TIMESTAMP"),
    "half a character": (r'{"name": "x", "properties": {"a": "\ud83d"}}', "properties.a", "INVALID_TEXT"),
    "a name of one": (r'{"name": "x", "properties": {"\ud83d": 1}}', "properties", "INVALID_TEXT"),
    "not a number": ('{"name": "x", "properties": {"a": NaN}}', "properties.a", "NOT_FINITE"),
    "too large": ('{"name": "x", "properties": {"a": [1, -1e400]}}', "properties.a[1]", "NOT_FINITE"),
    "too deep": (f'{{"name": "x", "context": {{"a": {"[" * 99}{"]" * 99}}}}}', None, "TOO_DEEP"),
    "a long name": (
        f'{{"name": "x", "properties": {{"{"n" * 500}": NaN}}}}',
        f"properties.{'n' * 89}…",
        "NOT_FINITE",
    ),
}


def _judged(body: str | bytes, encoding: Encoding = Encoding.JSON) -> tuple[list[Row], list[RejectedEvent]]:
    data = body.encode() if isinstance(body, str) else body
    return accept_batch(read_batch(data, encoding).events, _CLOCK)


def _batch(*events: str) -> str:
    return f'{{"events": [{", ".join(events)}], "sentAt": "2023-11-14T22:13:20Z"}}'


@pytest.mark.parametrize(("bad", "field", "reason"), _BAD.values(), ids=_BAD.keys())
def test_an_event_that_cannot_be_read_is_refused_by_itself(bad: str, field: str | None, reason: str) -> None:
    rows, (rejected,) = _judged(_batch(_GOOD, bad, _GOOD.replace("1", "2")))

    assert [row.event_id for row in rows] == ["1", "2"]
    assert (rejected.index, rejected.reason) == (1, reason)
    assert field in (rejected.field, None)
    assert len(rejected.message) > 10


def test_refusals_of_both_kinds_stand_in_the_order_of_the_events() -> None:
    rows, rejected = _judged(_batch("5", _GOOD, '{"name": ""}', '{"name": 5}'))

    assert len(rows) == 1
    assert [(each.index, each.reason) for each in rejected] == [
        (0, "WRONG_TYPE"),
        (2, "REQUIRED"),
        (3, "WRONG_TYPE"),
    ]


def test_fields_of_a_newer_client_cost_their_event_only() -> None:
    unknown = b"\xf8\x01\x01"
    newer = Event(name="x", event_id="2").SerializeToString() + unknown
    data = BatchCreateRequest(events=[Event(name="good", event_id="1")]).SerializeToString()

    rows, (rejected,) = _judged(data + bytes([0x0A, len(newer)]) + newer, Encoding.PROTO)

    assert [row.event_id for row in rows] == ["1"]
    assert (rejected.index, rejected.field, rejected.reason) == (1, "#31", "UNKNOWN_FIELD")


@pytest.mark.parametrize(
    ("body", "places"),
    [
        pytest.param(_batch('{"name": 5, "x": 1}', "7"), ["events[0].name", "events[1]"], id="no event"),
        pytest.param(_batch(_GOOD, "7")[:-1] + ', "x": 1}', ["x", "events[1]"], id="another field"),
        pytest.param('{"events": {}}', ["events"], id="no list"),
        pytest.param('{"events": [{]}', [""], id="no JSON"),
        pytest.param('{"events": [], "sentAt": "now"}', ["sent_at"], id="no instant"),
    ],
)
def test_what_can_be_read_nowhere_or_is_wrong_elsewhere_is_refused_as_a_whole(
    body: str, places: list[str]
) -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        read_batch(body.encode(), Encoding.JSON)

    assert [violation.field for violation in refused.value.violations] == places


def test_a_batch_is_named_by_all_of_it_however_it_is_spelled() -> None:
    """So that it counts once when it is sent again, and twice when it is another one."""
    unnamed = '{"name": "good", "properties": {"a": 1, "b": 2}}'
    turned = '{"properties": {"b": 2, "a": 1}, "name": "good"}'
    bad, other, respelled = '{"name": 5, "x": 1}', '{"name": 6, "x": 1}', '{"x": 1,"name": 5}'

    def ids(*events: str) -> Sequence[str]:
        return [row.event_id for row in _judged(_batch(*events))[0]]

    assert ids(unnamed, bad) == ids(turned, respelled)
    assert ids(unnamed, bad) != ids(unnamed, other)
    assert ids(unnamed, bad) != ids(unnamed)


def test_a_batch_without_faults_keeps_the_name_that_it_had() -> None:
    """Retries that were begun before a start of this version count once."""
    (row,) = _judged(json.dumps({"events": [{"name": "good"}]}))[0]

    assert row.event_id == "0f17dd42bb508bc223b1f829f704daab-0"


def test_too_many_events_are_counted_not_read_to_the_end() -> None:
    batch = read_batch(_batch(_GOOD, *["5"] * (MAX_EVENTS + 500)).encode(), Encoding.JSON)

    assert len(batch.events) == MAX_EVENTS + 501
