"""A server in a process of its own: all events reach every kind of subscriber; streams end when it stops.

How soon an event is with its subscribers is measured in benchmarks/stream.py.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from eventglass.catalog.catalog import open_catalog
from eventglass.transport.ports import Ports
from events.v1.event_pb2 import Event
from events.v1.stream_pb2 import StreamRequest
from tests.live.served import STREAMS, EndedError, Messages, Served, Tenant, events_of
from tests.patience import PATIENCE
from tests.wire.server_process import server_process

_EVENTS = 200


@asynccontextmanager
async def _tenant(folder: Path, ports: Ports) -> AsyncIterator[Tenant]:
    catalog = open_catalog(f"sqlite:///{folder / 'catalog.db'}")
    yield Served(ports=ports, catalog=catalog).tenant()
    catalog.close()


async def test_every_event_is_with_every_subscriber_once_and_in_order(tmp_path: Path) -> None:
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
        watching = [asyncio.create_task(_seen(messages)) for messages in opened]
        for number in range(_EVENTS):
            await tenant.send(Event(name="x", event_id=str(number)))
        seen = await asyncio.gather(*watching)

    assert seen == [[str(number) for number in range(_EVENTS)]] * len(STREAMS)


async def _seen(messages: Messages) -> list[str]:
    """The ids of the events, as they came."""
    async with asyncio.timeout(PATIENCE):
        return [event.event_id for event in await events_of(messages, _EVENTS)]


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

            outcomes = await asyncio.wait_for(asyncio.gather(*ends), PATIENCE)
        # Streams take no grace, which would be longer.
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0

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
