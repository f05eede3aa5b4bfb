"""How long after it was sent an event is with who watches, with and without a subscriber that does not read.

    python -m benchmarks.stream [seconds]

Starts a server of its own in a fresh directory; sender and subscribers are one other process on the same
machine. Each load runs twice: with quick subscribers alone, and with a slow one beside them, which opens
a stream and never reads. The delay is from before an event is sent until its subscriber has it; the
call that sends it, which returns when it is on disk, is measured beside.
"""

import asyncio
import json
import statistics
import sys
import tempfile
import time
import urllib.parse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import grpc

from benchmarks.server_process import PROJECT, ServerProcess, make_project, start
from events.v1.event_pb2 import Event
from events.v1.events_service_pb2 import BatchCreateRequest, BatchCreateResponse
from events.v1.events_service_pb2_grpc import EventsServiceStub
from events.v1.stream_pb2 import StreamRequest

# Name, batches a second, events in a batch.
_LOADS = (
    ("20 batches of 10 events a second", 20, 10),
    ("100 batches of 20 events a second", 100, 20),
)
_PROTOCOLS = ("gRPC", "event source")
_SUBSCRIBERS = 4  # of each protocol
_PADDING = "x" * 500

_Create: TypeAlias = "grpc.aio.UnaryUnaryMultiCallable[BatchCreateRequest, BatchCreateResponse]"


@dataclass(slots=True, kw_only=True)
class Run:
    """What is measured: when each event was sent, and how long it took to each subscriber.

    Args:
        server: what is asked.
        key: with access to everything.
    """

    server: ServerProcess
    key: str
    sent: dict[str, float] = field(default_factory=dict)
    delays: dict[str, list[float]] = field(default_factory=dict)
    missed: float = 0

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """The headers of a call."""
        return (("authorization", f"Bearer {self.key}"), ("x-project-id", PROJECT))

    def seen(self, protocol: str, event_id: str) -> None:
        """Note that a subscriber has an event."""
        self.delays.setdefault(protocol, []).append(time.monotonic() - self.sent[event_id])


def main() -> None:
    """Print the figures of one run."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 15.0
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        key = make_project(data_dir)
        server = start(data_dir, log=Path(folder) / "log")
        # The first statements of a server take longer.
        asyncio.run(_measure(Run(server=server, key=key), 2, 10, 10, with_slow=False))
        for title, batches, size in _LOADS:
            for with_slow in (False, True):
                run = Run(server=server, key=key)
                asyncio.run(_measure(run, seconds, batches, size, with_slow=with_slow))
                _show(f"{title}, {'a slow subscriber beside' if with_slow else 'none slow'}", run)
        server.stop()


def _show(title: str, run: Run) -> None:
    memory = run.server.memory_mib()
    print(f"{title}: {len(run.sent):,} events, {run.missed:,.0f} missed, server {memory:,.0f} MiB")
    for protocol, delays in run.delays.items():
        cuts = [1_000 * cut for cut in statistics.quantiles(delays, n=100)]
        print(
            f"  {protocol:13} {len(delays):7,} times;"
            f" p50 {cuts[49]:6.1f} ms, p95 {cuts[94]:6.1f} ms, p99 {cuts[98]:6.1f} ms,"
            f" longest {1_000 * max(delays):6.1f} ms"
        )


async def _measure(run: Run, seconds: float, batches: int, size: int, *, with_slow: bool) -> None:
    async with grpc.aio.insecure_channel(run.server.grpc) as channel, asyncio.TaskGroup() as watching:
        opened = [asyncio.Event() for _ in range(2 * _SUBSCRIBERS)]
        tasks = [
            watching.create_task(watch(run, each))
            for watch, each in zip([_by_grpc, _by_event_source] * _SUBSCRIBERS, opened, strict=True)
        ]
        for each in opened:
            await each.wait()
        async with _slow(run) if with_slow else _nobody():
            await _send(run, channel, seconds, batches, size)
        await _all_there(run)
        for task in tasks:
            task.cancel()


async def _all_there(run: Run) -> None:
    """Wait for the last event to be with the last subscriber, or for 30 seconds."""
    wanted = len(run.sent) * 2 * _SUBSCRIBERS
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        received = sum(len(run.delays.get(protocol, ())) for protocol in _PROTOCOLS)
        if received + run.missed >= wanted:
            return
        await asyncio.sleep(0.1)
    print(f"  {wanted - received - run.missed:,.0f} are nowhere")


async def _send(run: Run, channel: grpc.aio.Channel, seconds: float, batches: int, size: int) -> None:
    """Send at a steady pace, whether or not the last batch is stored."""
    create = EventsServiceStub(channel).BatchCreate  # type: ignore[no-untyped-call]
    began = time.monotonic()
    async with asyncio.TaskGroup() as sending:
        for number in range(int(seconds * batches)):
            await asyncio.sleep(began + number / batches - time.monotonic())
            names = [f"{began}-{number}-{place}" for place in range(size)]
            events = [Event(name="x", event_id=name, properties={"padding": _PADDING}) for name in names]
            run.sent |= dict.fromkeys(names, time.monotonic())
            sending.create_task(_call(create, BatchCreateRequest(events=events), run))


async def _call(create: _Create, request: BatchCreateRequest, run: Run) -> None:
    began = time.monotonic()
    reply = await create(request, metadata=run.metadata, timeout=30)
    assert reply.events_created == len(request.events)
    run.delays.setdefault("acknowledged", []).append(time.monotonic() - began)


async def _by_grpc(run: Run, opened: asyncio.Event) -> None:
    async with grpc.aio.insecure_channel(run.server.grpc) as channel:
        stream = EventsServiceStub(channel).Stream  # type: ignore[no-untyped-call]
        async for message in stream(StreamRequest(), metadata=run.metadata):
            opened.set()
            run.missed += message.gap.missed
            for event in message.events:
                run.seen(_PROTOCOLS[0], event.event_id)


async def _by_event_source(run: Run, opened: asyncio.Event) -> None:
    async with _event_source(run, limit=2**20) as reader:
        while line := await reader.readline():
            opened.set()
            if line.startswith(b"data: {") and b'"eventId"' in line:
                run.seen(_PROTOCOLS[1], json.loads(line[6:])["eventId"])
            elif line.startswith(b"data: "):
                run.missed += json.loads(line[6:])["missed"]


@asynccontextmanager
async def _event_source(run: Run, *, limit: int) -> AsyncIterator[asyncio.StreamReader]:
    """Open a stream as a browser does, and read no more than its head."""
    place = urllib.parse.urlsplit(run.server.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=limit)
    search = urllib.parse.urlencode({"project": PROJECT, "key": run.key})
    writer.write(f"GET /stream?{search} HTTP/1.1\r\nhost: bench\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    try:
        yield reader
    finally:
        writer.close()


@asynccontextmanager
async def _slow(run: Run) -> AsyncIterator[None]:
    async with _event_source(run, limit=1_024):
        yield


@asynccontextmanager
async def _nobody() -> AsyncIterator[None]:
    yield


if __name__ == "__main__":
    main()
