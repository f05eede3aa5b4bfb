"""Kills a server at random moments while clients send, and looks for events that are lost or doubled.

    python -m benchmarks.kills [rounds] [seed]

Clients send batches of random sizes, and each again until it is acknowledged. The server is killed by
SIGKILL, started on the same data, and killed again, so that kills fall into inserts, merges, starts and
the time between an acknowledgement and the next batch. In the end every event must be stored once: the
stored ids are compared with those that were sent.
"""

import asyncio
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import grpc

from benchmarks.server_process import PROJECT, ServerProcess, make_project, start
from eventglass.engine.embedded import open_embedded
from eventglass.engine.engine import Limits
from eventglass.sql.statement import Statement
from events.v1.events_service_pb2 import BatchCreateRequest, BatchCreateResponse

METHOD = "/events.v1.EventsService/BatchCreate"
_SIZES = (1, 10, 200)
_MONTHS = 18
_CHANNEL = [("grpc.initial_reconnect_backoff_ms", 50), ("grpc.max_reconnect_backoff_ms", 200)]
# Answers that a retry helps against; any other is a defect.
_AGAIN = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where clients send to, and as whom."""

    address: str
    key: str

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """The headers of every call."""
        return (("authorization", f"Bearer {self.key}"), ("x-project-id", PROJECT))


@dataclass(slots=True, kw_only=True)
class Found:
    """What a campaign found.

    Args:
        kills: how often the server was killed.
        sent: different events that were sent, all of them acknowledged in the end.
        lost: of these, how many are not stored.
        doubled: how many are stored more than once.
        strange: stored ones that nobody sent.
        retried: requests that were sent again.
        ready: seconds from each start until the server answered.
        ready_cpu: processor time that it took until then.
    """

    kills: int = 0
    sent: int = 0
    lost: int = 0
    doubled: int = 0
    strange: int = 0
    retried: int = 0
    ready: list[float] = field(default_factory=list)
    ready_cpu: list[float] = field(default_factory=list)


def main() -> None:
    """Print what one campaign found; exit with 1 if an event was lost or doubled."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns()
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        found = campaign(Path(folder), rounds, seed=seed)
    ready = sorted(found.ready)
    print(f"{found.kills} kills, {found.sent:,} events acknowledged, {found.retried:,} requests sent again")
    print(f"lost {found.lost}, doubled {found.doubled}, never sent {found.strange}")
    print(f"ready after {statistics.median(ready):.2f} s (median), {ready[-1]:.2f} s (most)")
    print(f"processor time until then {statistics.median(found.ready_cpu):.2f} s (median)")
    if found.lost or found.doubled or found.strange:
        sys.exit(1)


def campaign(folder: Path, rounds: int, *, seed: int) -> Found:
    """Kill a server so many times while clients send, and compare what it has with what was sent."""
    data_dir, log, rnd = folder / "data", folder / "log", random.Random(seed)
    key = make_project(data_dir)
    server = start(data_dir, log=log)
    target = Target(server.grpc, key)
    found, sent = Found(), set[str]()
    ports = {
        "EVENTGLASS_GRPC_PORT": server.grpc.rpartition(":")[2],
        "EVENTGLASS_HTTP_PORT": server.url.rpartition(":")[2],
    }

    async def kill_and_send() -> ServerProcess:
        over = asyncio.Event()
        clients = [
            asyncio.create_task(_Client(number, random.Random(seed + number), found, sent).send(target, over))
            for number in range(8)
        ]
        running = server
        for _ in range(rounds):
            await asyncio.sleep(rnd.uniform(0.0, 2.0))
            running.kill()
            found.kills += 1
            running = await asyncio.to_thread(start, data_dir, log=log, settings=ports)
            found.ready.append(running.seconds)
            found.ready_cpu.append(running.cpu_seconds())
        over.set()
        await asyncio.gather(*clients)
        return running

    asyncio.run(kill_and_send()).stop()
    with multiprocessing.get_context("spawn").Pool(1) as pool:  # a process has one engine
        stored = pool.apply(stored_ids, (data_dir,))
    found.sent = len(sent)
    found.lost = len(sent - stored.keys())
    found.strange = len(stored.keys() - sent)
    found.doubled = sum(number > 1 for number in stored.values())
    return found


@dataclass(frozen=True, slots=True)
class _Client:
    number: int
    rnd: random.Random
    found: Found
    sent: set[str]

    async def send(self, target: Target, over: asyncio.Event) -> None:
        """Send batches one after the other, each until it is acknowledged."""
        async with grpc.aio.insecure_channel(target.address, options=_CHANNEL) as channel:
            create = channel.unary_unary(METHOD, None, BatchCreateResponse.FromString)
            batches = 0
            while not over.is_set():
                request = _batch(f"{self.number}-{batches}", self.rnd)
                batches += 1
                ids = [event.event_id for event in request.events]
                data = request.SerializeToString()
                while not await _acknowledged(create, data, target.metadata, len(ids)):
                    self.found.retried += 1
                    await asyncio.sleep(self.rnd.uniform(0.01, 0.1))
                self.sent.update(ids)


async def _acknowledged(
    create: "grpc.aio.UnaryUnaryMultiCallable[bytes, BatchCreateResponse]",
    data: bytes,
    metadata: tuple[tuple[str, str], ...],
    size: int,
) -> bool:
    try:
        reply = await create(data, metadata=metadata, timeout=10)
    except grpc.aio.AioRpcError as error:
        if error.code() not in _AGAIN:
            raise
        return False
    assert (reply.events_created, len(reply.rejected)) == (size, 0)
    return True


def _batch(name: str, rnd: random.Random) -> BatchCreateRequest:
    """Make a batch of events of many months, so that one insert makes many parts."""
    request = BatchCreateRequest()
    now = int(time.time())
    for index in range(rnd.choice(_SIZES)):
        event = request.events.add(name="x", event_id=f"{name}-{index}", user_id=f"u{rnd.randrange(1_000)}")
        event.timestamp.seconds = now - rnd.randrange(_MONTHS * 30 * 86_400)
        event.properties.update({"n": index, "text": "x" * rnd.randrange(200)})
    return request


def stored_ids(data_dir: Path) -> Counter[str]:
    """Count the rows of each event id, past the server."""

    async def read() -> Counter[str]:
        engine = open_embedded(data_dir)
        (ids,) = (await engine.query(Statement(text="SELECT event_id FROM events"), Limits())).columns
        await engine.close()
        return Counter(ids)

    return asyncio.run(read())


if __name__ == "__main__":
    main()
