"""How long after it was sent an event is with a subscriber, and how streams end when a server stops.

The server is a process of its own, and its subscribers use the generated clients.
"""

import asyncio
import signal
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from eventglass.catalog.catalog import open_catalog
from eventglass.transport.ports import Ports
from events.v1.event_pb2 import Event
from events.v1.stream_pb2 import StreamRequest
from tests.live.served import STREAMS, EndedError, Messages, Served, Tenant
from tests.wire.server_process import server_process

_EVENTS = 200
_P99_SECONDS = 0.5


@asynccontextmanager
async def _tenant(folder: Path, ports: Ports) -> AsyncIterator[Tenant]:
    catalog = open_catalog(f"sqlite:///{folder / 'catalog.db'}")
    yield Served(ports=ports, catalog=catalog).tenant()
    catalog.close()


async def test_events_are_with_all_subscribers_within_half_a_second(tmp_path: Path) -> None:
    async with (
        server_process("real", tmp_path) as (_, ports),
        _tenant(tmp_path, ports) as tenant,
        AsyncExitStack() as stack,
    ):
        opened = [
            await stack.enter_async_context(watch(tenant, StreamRequest(), None))
            for watch in STREAMS.values()
        ]
        for messages in opened:
            await anext(messages)
        sent: dict[str, float] = {}
        watching = [asyncio.create_task(_seen(messages)) for messages in opened]
        for number in range(_EVENTS):
            sent[str(number)] = time.monotonic()
            await tenant.send(Event(name="x", event_id=str(number)))
        seen = await asyncio.gather(*watching)

    delays = [at - sent[event_id] for each in seen for event_id, at in each.items()]
    assert len(delays) == _EVENTS * len(STREAMS)
    p99 = statistics.quantiles(delays, n=100)[98]
    assert p99 <= _P99_SECONDS, f"p50 {statistics.median(delays):.3f} s, p99 {p99:.3f} s"


async def _seen(messages: Messages) -> dict[str, float]:
    """When each event was there."""
    seen: dict[str, float] = {}
    async with asyncio.timeout(60):
        while len(seen) < _EVENTS:
            message = await anext(messages)
            assert not message.HasField("gap")
            seen |= {event.event_id: time.monotonic() for event in message.events}
    return seen


async def test_a_stopping_server_ends_its_streams_with_a_word(tmp_path: Path) -> None:
    async with server_process("real", tmp_path) as (process, ports), _tenant(tmp_path, ports) as tenant:
        ends = []
        async with AsyncExitStack() as stack:
            for watch in STREAMS.values():
                messages = await stack.enter_async_context(watch(tenant, StreamRequest(), None))
                await anext(messages)
                ends.append(asyncio.create_task(_end(messages)))
            await tenant.send(Event(name="last"))

            process.send_signal(signal.SIGTERM)

            started = time.monotonic()
            outcomes = await asyncio.gather(*ends)
        assert await asyncio.wait_for(process.wait(), 10) == 0

    assert time.monotonic() - started < 4, "streams take no grace"
    assert [(ended.outcome.code, ended.outcome.info.reason, names) for ended, names in outcomes] == [
        ("UNAVAILABLE", "STOPPING", ["last"])
    ] * len(STREAMS)


async def _end(messages: Messages) -> tuple[EndedError, list[str]]:
    names: list[str] = []
    try:
        async for message in messages:
            names += [event.name for event in message.events]
    except EndedError as ended:
        return ended, names
    raise AssertionError("the stream ended without a word")
