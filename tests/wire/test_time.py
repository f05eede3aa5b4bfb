"""Deadlines and callers who leave: both end what runs for them."""

import asyncio

import grpc
import pytest

from eventglass.errors import DeadlineError
from eventglass.transport.call import Call, Method
from eventglass.transport.decoding import Encoding
from eventglass.transport.guard import Guard
from eventglass.transport.ports import Ports
from insights.v1.query_service_pb2_grpc import InsightsServiceStub
from tests.wire.callers import HEADERS, PROTOCOLS, QUERY, Ask, named
from tests.wire.fakes import FakeGrants, SlowEngine, fake_methods
from tests.wire.raw import REQUESTS, SLOW_JSON, post, until

_DEADLINE = 0.5


@pytest.mark.parametrize("ask", PROTOCOLS.values(), ids=PROTOCOLS.keys())
async def test_a_deadline_reaches_the_engine_and_the_caller(
    ports: Ports, slow_engine: SlowEngine, ask: Ask
) -> None:
    cancelled = slow_engine.cancelled

    outcome = await ask(ports, named("slow"), HEADERS, _DEADLINE)

    assert outcome.code == "DEADLINE_EXCEEDED"
    assert await until(lambda: slow_engine.cancelled == cancelled + 1)
    given = slow_engine.limits[-1].max_seconds
    assert given is not None
    assert 0 < given <= _DEADLINE


async def test_without_a_deadline_there_is_none(ports: Ports, slow_engine: SlowEngine) -> None:
    outcome = await PROTOCOLS["grpc"](ports, named("slow"), HEADERS, None)

    assert outcome.code == "OK"
    assert slow_engine.limits[-1].max_seconds is None


@pytest.mark.parametrize("milliseconds", ["0", "1 \t"])
async def test_a_deadline_in_the_past_is_exceeded_whatever_blanks_are_behind_it(
    ports: Ports, milliseconds: str
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", ports.http)
    writer.write(post("application/json", SLOW_JSON, f"connect-timeout-ms: {milliseconds}\r\n"))

    answer = await reader.readuntil(b"\r\n")

    assert answer.startswith(b"HTTP/1.1 504")
    writer.close()
    await writer.wait_closed()


async def test_a_call_whose_answer_is_at_hand_needs_time_too() -> None:
    guard = Guard(grants=FakeGrants(), most_calls=1, most_streams=1)
    method = next(each for each in fake_methods(SlowEngine()) if each.path == QUERY)
    call = Call.received(method=QUERY, headers=HEADERS, peer="", protocol="connect", remaining=0)
    assert isinstance(method, Method)

    with pytest.raises(DeadlineError):
        await guard.run(method, call, b"{}", Encoding.JSON)


@pytest.mark.parametrize("request_bytes", REQUESTS.values(), ids=REQUESTS.keys())
async def test_hanging_up_ends_the_statement(
    ports: Ports, slow_engine: SlowEngine, request_bytes: bytes
) -> None:
    cancelled = slow_engine.cancelled
    _, writer = await asyncio.open_connection("127.0.0.1", ports.http)
    writer.write(request_bytes)
    assert await until(lambda: slow_engine.running == 1)

    writer.close()

    assert await until(lambda: slow_engine.cancelled == cancelled + 1)
    await writer.wait_closed()


@pytest.mark.parametrize("hang_up", ["cancel", "close"])
async def test_leaving_grpc_ends_the_statement(ports: Ports, slow_engine: SlowEngine, hang_up: str) -> None:
    cancelled = slow_engine.cancelled
    channel = grpc.aio.insecure_channel(f"127.0.0.1:{ports.grpc}")
    call = InsightsServiceStub(channel).Query(  # type: ignore[no-untyped-call]
        named("slow"), metadata=tuple(HEADERS.items())
    )
    assert await until(lambda: slow_engine.running == 1)

    if hang_up == "cancel":
        call.cancel()
    await channel.close(None)

    assert await until(lambda: slow_engine.cancelled == cancelled + 1)
