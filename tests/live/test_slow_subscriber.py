"""A subscriber that does not read harms nobody, and is told what it has missed."""

import asyncio

from google.protobuf.message import Message

from events.v1.event_pb2 import Event
from events.v1.stream_pb2 import StreamRequest, StreamResponse
from tests.live.served import STREAMS, Served, Tenant, events_of
from tests.patience import PATIENCE

# More than the sockets' buffers and the queue hold.
_BATCHES, _EVENTS, _BYTES = 24, 500, 2_000


async def test_a_subscriber_that_does_not_read(served: Served, tenant: Tenant) -> None:
    reader, writer = await _subscribed(served, tenant)
    async with STREAMS["grpc"](tenant, StreamRequest(), None) as messages:
        await anext(messages)
        sending = asyncio.create_task(_send(tenant))
        async with asyncio.timeout(PATIENCE):
            quick = await events_of(messages, _BATCHES * _EVENTS)
        await sending

    names = [event.event_id for event in quick]
    assert names == [str(number) for number in range(_BATCHES * _EVENTS)]

    ids: list[int] = []
    missed, gaps = 0.0, 0
    async with asyncio.timeout(PATIENCE):
        while len(ids) + missed < _BATCHES * _EVENTS:
            message = await _next(reader)
            if message.HasField("gap"):
                gaps += 1
                missed += message.gap.missed
                assert not message.gap.at_most
            ids += [int(event.event_id) for event in message.events]
    assert gaps >= 1
    assert len(ids) + missed == _BATCHES * _EVENTS
    assert ids == sorted(set(ids))
    writer.close()


async def _send(tenant: Tenant) -> None:
    padding = "x" * _BYTES
    for batch in range(_BATCHES):
        events = [Event(name="x", event_id=str(batch * _EVENTS + each)) for each in range(_EVENTS)]
        for event in events:
            event.properties.update({"padding": padding})
        await tenant.send(*events)


async def _subscribed(served: Served, tenant: Tenant) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a stream by Connect, and read no more than that it has begun."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.ports.http, limit=1_000)
    headers = "".join(f"{name}: {value}\r\n" for name, value in tenant.headers.items())
    body = _envelope(StreamRequest())
    writer.write(
        f"POST /events.v1.EventsService/Stream HTTP/1.1\r\nhost: test\r\n{headers}"
        f"content-type: application/connect+proto\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    )
    writer.write(body)
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
    await _next(reader)
    return reader, writer


def _envelope(message: Message) -> bytes:
    body = message.SerializeToString()
    return b"\0" + len(body).to_bytes(4, "big") + body


async def _next(reader: asyncio.StreamReader) -> StreamResponse:
    """Read one message: one chunk of HTTP, one envelope."""
    size = int(await reader.readuntil(b"\r\n"), 16)
    chunk = await reader.readexactly(size + 2)
    assert chunk[0] == 0, chunk
    return StreamResponse.FromString(chunk[5:-2])
