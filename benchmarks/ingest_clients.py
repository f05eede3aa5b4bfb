"""Clients of the ingest benchmark: real grpcio in processes of their own.

Requests are made before the clock starts. Each is a serialized batch whose event ids hold a token of
eight letters, which is replaced at every sending, so that no event comes twice.
"""

import asyncio
import itertools
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier

import grpc
from google.rpc.status_pb2 import Status

from events.v1.events_service_pb2 import BatchCreateRequest, BatchCreateResponse

METHOD = "/events.v1.EventsService/BatchCreate"
_TOKEN = b"TOKENXXX"
_TEMPLATES = 8
_NAMES = ("page_view", "product_view", "add_to_cart", "purchase", "search")
_PLANS = ("free", "pro", "team")
_COUNTRIES = ("DE", "FR", "US", "GB", "JP")
_USERS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one process of clients does.

    Args:
        target: the server's gRPC address.
        key: the caller's secret.
        project: the project's id.
        clients: connections of this process.
        in_flight: requests that each has under way.
        batch: events in a request.
        seconds: how long.
        seed: tells processes apart.
        retries: whether a refused request is sent again, a second later; else the next one is sent.
    """

    target: str
    key: str
    project: str
    clients: int
    in_flight: int
    batch: int
    seconds: float
    seed: int
    retries: bool = True


@dataclass(slots=True, kw_only=True)
class Result:
    """What one process of clients saw.

    Args:
        events: how many were acknowledged.
        latencies: seconds of each acknowledged request.
        refusals: by status, and whether the server said why and when to come back.
        refused_in: seconds of each refused request.
        began: on the monotonic clock, which all processes share.
        ended: likewise.
        cpu_seconds: processor time in between.
    """

    events: int = 0
    latencies: list[float] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    refused_in: list[float] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0
    cpu_seconds: float = 0.0


def run(loads: list[Load]) -> list[Result]:
    """Run each load in a process, all at the same time, and give what they saw."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(len(loads))
    answers: multiprocessing.Queue[Result] = context.Queue()
    processes = [context.Process(target=_process, args=(load, barrier, answers)) for load in loads]
    for process in processes:
        process.start()
    results = [answers.get() for _ in processes]
    for process in processes:
        process.join()
    return results


def batch(size: int, rnd: random.Random) -> bytes:
    """Make a request of events as a shop sends them, some 260 bytes each."""
    request = BatchCreateRequest()
    now = int(time.time())
    for index in range(size):
        user = rnd.randrange(_USERS)
        event = request.events.add(
            name=rnd.choice(_NAMES),
            user_id=f"user-{user}",
            session_id=f"session-{user}-{rnd.randrange(5)}",
            event_id=f"{_TOKEN.decode()}-{rnd.getrandbits(64):016x}-{index}",
        )
        event.timestamp.seconds = now - rnd.randrange(7 * 86_400)
        event.timestamp.nanos = rnd.randrange(1_000) * 1_000_000
        event.properties.update(
            {
                "plan": rnd.choice(_PLANS),
                "$url": f"https://shop.example.com/products/{rnd.randrange(1_000)}",
                "price": rnd.randrange(10_000) / 100,
                "quantity": rnd.randrange(1, 5),
                "vip": rnd.random() < 0.1,
                "$browser": "Chrome",
                "$os": "Mac OS X",
                "$geo.country": rnd.choice(_COUNTRIES),
            }
        )
    return request.SerializeToString()


def _process(load: Load, barrier: Barrier, answers: "multiprocessing.Queue[Result]") -> None:
    answers.put(asyncio.run(_clients(load, barrier)))


async def _clients(load: Load, barrier: Barrier) -> Result:
    rnd = random.Random(load.seed)
    templates = [batch(load.batch, rnd) for _ in range(_TEMPLATES)]
    tokens = (f"{load.seed:02x}{number:06x}".encode() for number in itertools.count())
    requests = (template.replace(_TOKEN, next(tokens)) for template in itertools.cycle(templates))
    result = Result()
    barrier.wait()
    result.began, cpu = time.monotonic(), time.process_time()
    ends = result.began + load.seconds
    await asyncio.gather(*(_client(load, requests, ends, result) for _ in range(load.clients)))
    result.ended, result.cpu_seconds = time.monotonic(), time.process_time() - cpu
    return result


async def _client(load: Load, requests: Iterator[bytes], ends: float, result: Result) -> None:
    options = [("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.insecure_channel(load.target, options=options) as channel:
        call = channel.unary_unary(METHOD, None, None)  # bytes in, bytes out
        await asyncio.gather(*(_send(load, call, requests, ends, result) for _ in range(load.in_flight)))


async def _send(
    load: Load,
    call: "grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]",
    requests: Iterator[bytes],
    ends: float,
    result: Result,
) -> None:
    metadata = (("authorization", f"Bearer {load.key}"), ("x-project-id", load.project))
    request = None
    while (began := time.monotonic()) < ends:
        request = request or next(requests)
        try:
            answer = await call(request, metadata=metadata, timeout=30)
        except grpc.aio.AioRpcError as error:
            result.refused_in.append(time.monotonic() - began)
            trailers: dict[str, bytes] = dict(error.trailing_metadata() or ())  # type: ignore[arg-type]
            told = _says_when(trailers.get("grpc-status-details-bin", b""))
            result.refusals[f"{error.code().name}{'' if told else ' without details'}"] += 1
            if load.retries:
                await asyncio.sleep(1)
            else:
                request = None
            continue
        result.latencies.append(time.monotonic() - began)
        result.events += BatchCreateResponse.FromString(answer).events_created
        request = None


def _says_when(details: bytes) -> bool:
    """Tell whether an error's details have a reason and when to come back."""
    status = Status.FromString(details)
    kinds = {detail.type_url.rpartition("/")[2] for detail in status.details}
    return {"google.rpc.ErrorInfo", "google.rpc.RetryInfo"} <= kinds
