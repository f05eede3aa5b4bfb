"""Requests that come slowly, or never come whole, hold little and not for long."""

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import pytest

from eventglass.app import running
from eventglass.settings import Settings
from eventglass.transport import beacon, browsers
from eventglass.transport.bodies import Bodies
from eventglass.transport.connect_front import ConnectApp
from eventglass.transport.guard import Guard
from eventglass.transport.http_app import http_app
from tests.patience import PATIENCE
from tests.wire.callers import BATCH_CREATE, HEADERS, QUERY
from tests.wire.fakes import FakeGrants, SlowEngine, fake_methods
from tests.wire.raw import until

_MIB = 2**20
_BATCH = b'{"events": [{"name": "x"}]}'
_GRPC_WEB = {"content-type": "application/grpc-web+json"}


def _client(bodies: Bodies) -> httpx.AsyncClient:
    """Call a server of its own, without a port."""
    methods = fake_methods(SlowEngine())
    guard = Guard(grants=FakeGrants(), most_calls=9, most_streams=1)
    rpc = ConnectApp(methods, guard, most_bytes=1_000)
    beacons = browsers.beacons(methods, guard, most_bytes=1_000)

    async def ready() -> None:
        return

    app = http_app(rpc, rpc_methods=rpc.methods, ready=ready, origins=frozenset(), public=beacons)
    headers = HEADERS | {"content-type": "application/json"}
    transport = httpx.ASGITransport(bodies.bounded(app))
    return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)


def _hold(seconds: float) -> None:
    """Keep the loop from everything."""
    time.sleep(seconds)


async def _in_parts(
    rest: asyncio.Event, first: int = 10, begun: asyncio.Event | None = None
) -> AsyncIterator[bytes]:
    """Send some bytes, say when they were taken in, and wait with the others."""
    yield _BATCH[:first]
    if begun is not None:
        begun.set()
    await rest.wait()
    yield _BATCH[first:]


@pytest.mark.parametrize("path", [BATCH_CREATE, beacon.PATH])
async def test_what_does_not_come_in_time_is_refused(path: str) -> None:
    async with _client(Bodies(most_bytes=1_000, most_seconds=0.1)) as client:
        answer = await client.post(path, content=_in_parts(asyncio.Event()))

    assert (answer.status_code, answer.json()["code"]) == (504, "deadline_exceeded")
    assert answer.json()["details"][0]["debug"]["reason"] == "REQUEST_TOO_SLOW"
    assert answer.headers["connection"] == "close"


async def test_what_does_not_come_in_time_is_refused_by_grpc_web() -> None:
    async with _client(Bodies(most_bytes=1_000, most_seconds=0.1)) as client:
        answer = await client.post(QUERY, content=_in_parts(asyncio.Event(), 0), headers=_GRPC_WEB)

    assert b"grpc-status: 4\r\n" in answer.content


async def test_a_call_may_take_longer_than_its_request() -> None:
    # The call takes two seconds.
    async with _client(Bodies(most_bytes=1_000, most_seconds=1.0)) as client:
        answer = await client.post(QUERY, json={"query": {"events": [{"name": "slow"}]}})

    assert answer.status_code == 200


@pytest.mark.parametrize("path", [BATCH_CREATE, beacon.PATH])
async def test_what_is_on_its_way_is_bounded_but_for_a_single_one(path: str) -> None:
    rest, begun = asyncio.Event(), asyncio.Event()
    async with _client(Bodies(most_bytes=15)) as client:
        alone = asyncio.create_task(client.post(path, content=_in_parts(rest, 20, begun)))
        await begun.wait()
        refused = await client.post(path, content=_in_parts(rest))
        rest.set()
        accepted = await alone
        again = await client.post(path, content=_in_parts(rest))

    assert (refused.status_code, refused.json()["code"]) == (429, "resource_exhausted")
    assert refused.json()["details"][0]["debug"]["reason"] == "TOO_MANY_BYTES"
    assert refused.headers["retry-after"] == "1"
    assert (accepted.status_code, again.status_code) == (200, 200)


async def test_many_who_never_finish_do_not_hold_what_they_sent() -> None:
    engine = SlowEngine()
    settings = Settings(http_port=0, grpc_port=0, max_request_mib=1, grace_seconds=0.1)
    head = f"POST {QUERY} HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n"
    begun = f"{head}content-length: {_MIB}\r\n\r\n".encode() + b"x" * (_MIB - 1)
    async with running(
        fake_methods(engine), grants=FakeGrants(), ready=engine.ping, settings=settings
    ) as ports:
        callers = [await asyncio.open_connection("127.0.0.1", ports.http) for _ in range(20)]
        for _, writer in callers:
            writer.write(begun)
            await writer.drain()
        answers = [asyncio.create_task(reader.readline()) for reader, _ in callers]
        await until(lambda: sum(answer.done() for answer in answers) >= 4)
        refused = [answer.result() for answer in answers if answer.done()]
        for _, writer in callers:
            writer.close()
        await asyncio.wait(answers)

    assert set(refused) == {b"HTTP/1.1 429 Too Many Requests\r\n"}
    assert 4 <= len(refused) < len(callers)


@pytest.mark.parametrize("path", [BATCH_CREATE, beacon.PATH])
async def test_who_comes_too_slowly_makes_room(path: str) -> None:
    never = asyncio.Event()
    async with _client(Bodies(most_bytes=25, patience_seconds=0.1)) as client:
        begun = [asyncio.Event() for _ in range(2)]
        slow = [asyncio.create_task(client.post(path, content=_in_parts(never, 10, each))) for each in begun]
        for each in begun:
            await each.wait()
        await asyncio.sleep(0.2)
        rest = asyncio.Event()
        quick = asyncio.create_task(client.post(path, content=_in_parts(rest)))
        ended, still = await asyncio.wait(slow, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        rest.set()
        accepted = await quick
        for waiting in still:
            waiting.cancel()

    assert (len(ended), len(still)) == (1, 1), "no more than there is need for"
    (answer,) = [each.result() for each in ended]
    assert (answer.status_code, answer.json()["details"][0]["debug"]["reason"]) == (504, "REQUEST_TOO_SLOW")
    assert (answer.headers["connection"], answer.headers["retry-after"]) == ("close", "1")
    assert accepted.status_code == 200


async def test_whose_time_ends_in_this_moment_is_in_nobodys_way() -> None:
    async def later() -> AsyncIterator[bytes]:
        yield _BATCH[:10]
        await asyncio.sleep(0.1)
        yield _BATCH[10:]

    bodies = Bodies(most_bytes=25, most_seconds=0.3, patience_seconds=0.05)
    async with _client(bodies) as client:
        begun = asyncio.Event()
        slow = asyncio.create_task(client.post(BATCH_CREATE, content=_in_parts(asyncio.Event(), 10, begun)))
        await begun.wait()
        bodies.most_seconds = 60.0
        other = asyncio.create_task(client.post(BATCH_CREATE, content=later()))
        await asyncio.sleep(0.05)
        _hold(0.6)  # so that the rest of the second comes at the end of the first
        refused, accepted = await asyncio.gather(slow, other)

    assert (refused.status_code, accepted.status_code) == (504, 200)


async def test_who_comes_steadily_makes_no_room() -> None:
    async def steadily() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 20  # 400 bytes in a second
            await asyncio.sleep(0.05)
        yield _BATCH

    async with _client(Bodies(most_bytes=15, least_rate=20, patience_seconds=0.3)) as client:
        steady = asyncio.create_task(client.post(BATCH_CREATE, content=steadily()))
        await asyncio.sleep(0.5)
        refused = await client.post(BATCH_CREATE, content=_in_parts(asyncio.Event()))
        accepted = await steady

    assert refused.json()["details"][0]["debug"]["reason"] == "TOO_MANY_BYTES"
    assert accepted.status_code == 200
