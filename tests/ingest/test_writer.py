"""Batches in, each event once."""

import asyncio
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventglass.engine.layout import AFTER_LAST_TIME
from eventglass.engine.pool import Pool
from eventglass.errors import InvalidArgumentError, UnavailableError
from eventglass.ingest.batch import accept_batch
from eventglass.ingest.clock import Clock
from eventglass.ingest.known_ids import open_known_ids
from eventglass.ingest.times import EPOCH, MILLISECOND, milliseconds
from eventglass.ingest.writer import Committed, Writer, open_writer
from events.v1.event_pb2 import Event
from tests.ingest.looking import NOW, Faulty, ids, one, send


def _with(
    *,
    properties: dict[str, Any] | None = None,
    context: dict[str, Any] | None = None,
    timestamp: Timestamp | None = None,
    event_id: str = "",
) -> Event:
    event = Event(name="x", timestamp=timestamp, event_id=event_id)
    event.properties.update(properties or {})
    event.context.update(context or {})
    return event


def _nested(levels: int) -> dict[str, Any]:
    return {"p": _nested(levels - 1)} if levels else {"p": 1}


async def test_a_batch_sent_twice_counts_once(engine: Pool, writer: Writer, project_id: str) -> None:
    events = [
        Event(name="signup", user_id="u1"),
        Event(name="signup", user_id="u1"),
        Event(name="x", event_id="1"),
    ]

    first = await writer.write(project_id, events, now=NOW, sent_at=None)
    again = await writer.write(project_id, events, now=NOW + timedelta(days=1), sent_at=NOW)

    assert first.events_created == again.events_created == 3
    assert (first.events_known, again.events_known) == (0, 3)
    assert len(await ids(engine, project_id)) == 3


async def test_an_event_counts_once_within_a_batch_and_the_first_copy_is_the_one(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    copies = [Event(name=name, event_id="1") for name in ("first", "second")]

    response = await writer.write(project_id, copies, now=NOW, sent_at=None)
    await writer.write(project_id, [Event(name="third", event_id="1")], now=NOW, sent_at=None)

    assert (response.events_created, response.events_known) == (2, 1)
    assert await one(engine, project_id, "event, count() OVER ()") == ["first", 1]


async def test_the_same_id_in_two_projects_is_two_events(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    await send(writer, project_id, "1")
    await send(writer, project_id + "-other", "1")

    assert await ids(engine, project_id) == await ids(engine, project_id + "-other") == ["1"]


async def test_a_row_has_what_the_event_had(engine: Pool, writer: Writer, project_id: str) -> None:
    event = Event(name="näme", user_id="u", anonymous_id="a", session_id="s", event_id="e")
    event.properties.update({"n": 1, "t": "2024-01-01", "b": True, "l": [1], "a.b": "\0'\\\"`\n😀", "i": "7"})
    event.timestamp.FromDatetime(datetime(1900, 1, 1, tzinfo=UTC))

    await writer.write(project_id, [event], now=NOW, sent_at=None)

    columns = (
        "event, toUnixTimestamp64Milli(time), toUnixTimestamp64Milli(received_at), user_id, anonymous_id, "
        "session_id, properties.n.:Float64, properties.t.:String, properties.b.:Bool, "
        "properties.l.:`Array(Nullable(String))`, properties.`a~2Eb`.:String, properties.i.:String"
    )
    name, time, received, *rest = await one(engine, project_id, columns)
    assert (name, time) == ("näme", -2_208_988_800_000)
    assert isinstance(received, int)
    assert received >= 1_714_564_800_123
    assert rest == ["u", "a", "s", 1.0, "2024-01-01", True, ["[1]"], "\0'\\\"`\n😀", "7"]


async def test_events_far_apart_are_stored_together(engine: Pool, writer: Writer, project_id: str) -> None:
    events = []
    for year in range(1900, 2300, 2):
        event = Event(name="x", event_id=str(year))
        event.timestamp.FromDatetime(datetime(year, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC))
        events.append(event)

    rows, _ = accept_batch(events, Clock(now_ms=AFTER_LAST_TIME))
    await writer.store(project_id, rows, now=NOW)

    columns = "count(), min(toUnixTimestamp64Milli(time)), max(toUnixTimestamp64Milli(time))"
    assert await one(engine, project_id, columns) == [200, -2_177_452_800_001, 10_382_255_999_999]


async def test_a_name_and_a_text_of_a_mebibyte_are_stored(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    hostile = "'\\`\"\0\n😀"
    long, longest_id = hostile * 2**17, hostile * 102
    event = Event(name=long, event_id=longest_id)
    event.properties.update({"p": long, "q" * 2**20: 1})

    await writer.write(project_id, [event], now=NOW, sent_at=None)

    columns = "event, event_id, properties.p.:String"
    assert await one(engine, project_id, columns) == [long, longest_id, long]


async def test_a_senders_clock_is_put_right(engine: Pool, writer: Writer, project_id: str) -> None:
    event = Event(name="x")
    event.timestamp.FromDatetime(NOW - timedelta(days=3_650, seconds=5))

    await writer.write(project_id, [event], now=NOW, sent_at=NOW - timedelta(days=3_650))

    assert await one(engine, project_id, "toUnixTimestamp64Milli(time)") == [1_714_564_795_123]


@pytest.mark.parametrize("size", [0, 1_001])
async def test_a_batch_has_1_to_1000_events(writer: Writer, project_id: str, size: int) -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        await writer.write(project_id, [Event(name="x")] * size, now=NOW, sent_at=None)

    (violation,) = refused.value.violations
    assert (violation.field, violation.code) == ("events", "BATCH_SIZE")


POISON: dict[str, tuple[Event, str, str]] = {
    "nameless": (Event(), "name", "REQUIRED"),
    "long": (Event(name="x", user_id="ü" * 513), "user_id", "TOO_LONG"),
    "nan": (_with(properties={"p": float("nan")}), "properties.p", "NOT_FINITE"),
    "deep": (_with(properties={"p": _nested(16)}), "properties.p" + ".p" * 16, "TOO_DEEP"),
    "many": (_with(properties=dict.fromkeys(map(str, range(1_001)), 1)), "properties", "TOO_MANY_PROPERTIES"),
    "infinite": (_with(context={"a": {"b": float("inf")}}), "context.a.b", "NOT_FINITE"),
    "early": (_with(timestamp=Timestamp(seconds=-(10**11))), "timestamp", "OUT_OF_RANGE"),
    "late": (_with(timestamp=Timestamp(seconds=10**11)), "timestamp", "OUT_OF_RANGE"),
    "nanos": (_with(timestamp=Timestamp(nanos=-1)), "timestamp", "INVALID_TIMESTAMP"),
}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(poisoned=st.dictionaries(st.integers(0, 999), st.sampled_from(sorted(POISON)), max_size=1_000))
async def test_of_1000_events_exactly_the_poisoned_ones_are_refused(
    engine: Pool, writer: Writer, poisoned: dict[int, str]
) -> None:
    project_id = f"poison-{uuid.uuid4().hex}"
    batch = [_with(event_id=f"{index:03}") for index in range(1_000)]
    for index, poison in poisoned.items():
        batch[index].CopyFrom(POISON[poison][0])
        batch[index].event_id = f"{index:03}"

    response = await writer.write(project_id, batch, now=NOW, sent_at=None)

    refused = [(each.index, each.field, each.reason) for each in response.rejected]
    assert refused == [(index, *POISON[poison][1:]) for index, poison in sorted(poisoned.items())]
    assert all(each.message for each in response.rejected)
    good = [f"{index:03}" for index in range(1_000) if index not in poisoned]
    assert (response.events_created, response.events_known) == (len(good), 0)
    assert await ids(engine, project_id) == good


async def test_arrivals_only_go_up_and_the_watermark_follows(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    assert writer.watermark(project_id) is None
    marks = []
    for number in range(3):
        await send(writer, project_id, str(number), now=NOW - number * timedelta(hours=1))
        marks.append(writer.watermark(project_id))

    await send(writer, project_id, "0")

    arrived = await one(engine, project_id, "arraySort(groupArray(toUnixTimestamp64Milli(received_at)))")
    assert arrived == [[round(mark.timestamp() * 1000) for mark in marks if mark]]
    assert len(set(marks)) == 3
    assert writer.watermark(project_id) == marks[-1], "nothing new arrived"
    reopened = await open_writer(engine)
    await reopened._filling  # until then it knows the newest of all projects alone
    assert reopened.watermark(project_id) == marks[-1]


async def test_listeners_are_told_of_new_events_once_they_are_in_the_answers(
    engine: Pool, project_id: str
) -> None:
    writer = await open_writer(engine)
    told: list[Committed] = []
    marks: list[datetime | None] = []

    with writer.told(told.append), writer.told(lambda _: marks.append(writer.watermark(project_id))):
        await send(writer, project_id, "1", "2", "1")
        await send(writer, project_id, "1", "3")
        await send(writer, project_id, "3")
    await send(writer, project_id, "4")

    assert [[row.event_id for row in each.rows] for each in told] == [["1", "2"], ["3"]]
    assert {each.project_id for each in told} == {project_id}
    assert marks == [EPOCH + each.received_ms * MILLISECOND for each in told]
    assert await ids(engine, project_id) == ["1", "2", "3", "4"]


async def test_listeners_are_told_once_of_what_a_project_has_in_a_commit(
    engine: Pool, project_id: str
) -> None:
    writer = await open_writer(engine)
    other = f"{project_id}-other"
    told: list[Committed] = []

    with writer.told(told.append):
        together = [send(writer, project, each) for project, each in ((project_id, "0"), (other, "0"))]
        together += [send(writer, project_id, "1"), send(writer, other, "1"), send(writer, project_id, "2")]
        await asyncio.gather(*together)

    of_projects = Counter((each.project_id, each.received_ms) for each in told)
    assert set(of_projects.values()) == {1}, "who reads on after the first one's arrival misses the second"
    rows = [row.event_id for each in told if each.project_id == project_id for row in each.rows]
    assert rows == ["0", "1", "2"]


async def test_what_is_stored_after_the_start_is_no_watermark_of_the_start(
    engine: Pool, project_id: str
) -> None:
    first = await open_writer(engine)
    await send(first, project_id, "1")
    before = first.watermark(project_id)
    assert before is not None
    # Of a commit that goes on, a part may be visible.
    await send(first, project_id, "2")
    writer = Writer(engine, await open_known_ids(engine), milliseconds(before))

    await writer._filling

    assert writer.watermark(project_id) == before


async def test_listeners_hear_nothing_of_what_was_not_stored(engine: Pool, project_id: str) -> None:
    faulty = Faulty(engine)
    writer = await open_writer(faulty)
    told: list[Committed] = []
    faulty.failing = {"events": UnavailableError("away")}

    with writer.told(told.append), pytest.raises(UnavailableError):
        await send(writer, project_id, "1")

    assert told == []


async def test_a_batch_with_nothing_good_in_it_is_no_error(writer: Writer, project_id: str) -> None:
    response = await writer.write(project_id, [Event(), Event()], now=NOW, sent_at=None)

    assert response.events_created == 0
    assert len(response.rejected) == 2
