"""A stream that is opened again goes on where it ended."""

import asyncio
import contextlib
import random
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from eventglass.live import catch_up
from events.v1.event_pb2 import Event
from events.v1.stream_pb2 import StreamRequest
from tests.ingest.test_ids import ALL as SPELLINGS
from tests.live.served import STREAMS, EndedError, Messages, Tenant, Watch, events_of, named
from tests.live.server_sent import ServerSent, blocks, url_of
from tests.patience import PATIENCE

streams = pytest.mark.parametrize("watch", STREAMS.values(), ids=STREAMS.keys())


def _event(event_id: str, *, days_ago: float = 0, name: str = "x") -> Event:
    event = Event(name=name, event_id=event_id)
    event.timestamp.FromDatetime(datetime.now(UTC) - timedelta(days=days_ago))
    return event


async def _watermark(tenant: Tenant) -> Timestamp:
    async with STREAMS["grpc"](tenant, StreamRequest(), None) as messages:
        return (await anext(messages)).watermark


@streams
async def test_what_was_missed_comes_before_what_is_new(tenant: Tenant, watch: Watch) -> None:
    await tenant.send(_event("seen"))
    since = await _watermark(tenant)
    await tenant.send(_event("today"), _event("last week", days_ago=7), _event("unwanted", name="y"))
    await tenant.send(_event("tomorrow", days_ago=-1), _event("seen"))

    async with watch(tenant, StreamRequest(names=["x"], arrived_after=since), None) as messages:
        missed = await events_of(messages, 3)
        await tenant.send(_event("new"))
        new = await events_of(messages, 1)

    assert [event.event_id for event in missed] == ["last week", "today", "tomorrow"]
    assert [event.event_id for event in new] == ["new"]


async def test_ids_come_as_they_were_sent_from_the_table_too(tenant: Tenant) -> None:
    await tenant.send(_event("seen"))
    since = await _watermark(tenant)
    events = [_event(each) for each in SPELLINGS]
    for event in events:
        event.session_id = event.event_id
    await tenant.send(*events)

    async with STREAMS["grpc"](tenant, StreamRequest(arrived_after=since), None) as messages:
        missed = await events_of(messages, len(events))

    assert {(event.event_id, event.session_id) for event in missed} == {(each, each) for each in SPELLINGS}


async def test_too_much_is_only_counted(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catch_up, "MOST_EVENTS", 2)
    await tenant.send(_event("seen"))
    since = await _watermark(tenant)
    await tenant.send(_event("1"), _event("2"), _event("3"), _event("unwanted", name="y"))

    async with STREAMS["grpc"](tenant, StreamRequest(names=["x"], arrived_after=since), None) as messages:
        await anext(messages)
        counted = await anext(messages)
        started = await anext(messages)
        await tenant.send(_event("new"))
        new = await events_of(messages, 1)

    assert (counted.gap.missed, counted.gap.at_most, len(counted.events)) == (3, False, 0)
    assert counted.watermark == since
    assert started.watermark.ToMilliseconds() > since.ToMilliseconds()
    assert [event.event_id for event in new] == ["new"]


async def test_many_come_in_pages(tenant: Tenant) -> None:
    await tenant.send(_event("seen"))
    since = await _watermark(tenant)
    ids = [f"{number:04}" for number in range(2_300)]
    for start in range(0, len(ids), 1_000):
        await tenant.send(*(_event(each) for each in ids[start : start + 1_000]))

    async with STREAMS["connect"](tenant, StreamRequest(arrived_after=since), None) as messages:
        missed = await events_of(messages, len(ids))

    assert sorted(event.event_id for event in missed) == ids


@pytest.mark.parametrize("begun_after", ["", "arrivedAfter", "arrived_after"])
async def test_a_browser_comes_back_with_the_last_id(tenant: Tenant, begun_after: str) -> None:
    """With the same URL as before, whatever that says and however it is spelled."""
    await tenant.send(*named("seen"))
    url = url_of(tenant.ports, tenant.headers, StreamRequest())
    if begun_after:
        since = await _watermark(tenant)
        url = url.copy_add_param(begun_after, since.ToJsonString())
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        async with client.stream("GET", url) as answer:
            last_id = (await anext(blocks(answer.aiter_lines()))).id
        await tenant.send(*named("missed"))
        first, second = await _come_back(client, url, last_id)
        wrong = await client.get(url, headers={"last-event-id": "yesterday"})

    assert (first.id, first.data) == (last_id, "")
    assert '"name":"missed"' in second.data
    assert wrong.json()["details"][0]["debug"]["reason"] == "INVALID_TIMESTAMP"


async def test_a_browser_misses_not_even_the_first_event_of_a_project(tenant: Tenant) -> None:
    url = url_of(tenant.ports, tenant.headers, StreamRequest())
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        async with client.stream("GET", url) as answer:
            last_id = (await anext(blocks(answer.aiter_lines()))).id
        await tenant.send(*named("missed"))
        _, second = await _come_back(client, url, last_id)

    assert '"name":"missed"' in second.data


@pytest.mark.parametrize("protocol", ["grpc", "event-source"])
async def test_nothing_is_lost_by_who_comes_and_goes(tenant: Tenant, protocol: str) -> None:
    """Leave once in a while, and come back with the last watermark."""
    rnd = random.Random(7)
    await tenant.send(_event("before"))
    since = await _watermark(tenant)
    sending = asyncio.create_task(_send(tenant, rnd))
    seen: set[str] = set()

    async with asyncio.timeout(PATIENCE):
        while not sending.done() or len(seen) < sending.result():
            request = StreamRequest(arrived_after=since)
            # Streams that were left a moment ago may still count, and so be too many.
            with contextlib.suppress(EndedError):
                async with STREAMS[protocol](tenant, request, None) as messages:
                    since = await _some(messages, seen, rnd.randrange(1, 6), since)

    assert len(seen) == sending.result()


async def _send(tenant: Tenant, rnd: random.Random) -> int:
    sent = 0
    for _ in range(25):
        number = rnd.choice((1, 3, 250))
        await tenant.send(*(_event(str(sent + each), days_ago=rnd.random()) for each in range(number)))
        sent += number
    return sent


async def _some(messages: Messages, seen: set[str], steps: int, since: Timestamp) -> Timestamp:
    """Take what there is until the watermark has moved so often, or for two seconds; give the last one."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(2):
            while steps:
                message = await anext(messages)
                assert not message.HasField("gap")
                seen |= {event.event_id for event in message.events}
                if message.HasField("watermark"):
                    steps -= message.watermark != since
                    since = message.watermark
    return since


async def _come_back(
    client: httpx.AsyncClient, url: httpx.URL, last_id: str | None
) -> tuple[ServerSent, ServerSent]:
    """Call again as a browser does, and give the first two blocks."""
    assert last_id
    async with client.stream("GET", url, headers={"last-event-id": last_id}) as answer:
        found = blocks(answer.aiter_lines())
        return await anext(found), await anext(found)
