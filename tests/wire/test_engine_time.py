"""The same with the real engine: who leaves, or runs out of time, takes the statement along."""

import asyncio
import time
from collections.abc import AsyncIterator

import grpc
import pytest
import pytest_asyncio

from eventglass.app import running
from eventglass.engine.engine import Answers, Limits
from eventglass.engine.pool import Pool
from eventglass.planning.scope import Scope
from eventglass.settings import Settings
from eventglass.sql.statement import Statement
from eventglass.transport.ports import Ports
from eventglass.transport.query_service import insights_service
from insights.v1.query_service_pb2 import QueryRequest, QueryResponse
from insights.v1.query_service_pb2_grpc import InsightsServiceStub
from tests.wire.callers import HEADERS, PROTOCOLS, Ask, named
from tests.wire.fakes import FakeGrants, fake_rules, fake_scope
from tests.wire.raw import REQUESTS

_MARK = "wire_marks_this"
_SLOW = Statement(
    text=f"SELECT max(sipHash64(number, number, number, number)) AS {_MARK} FROM numbers(1500000000)"
)
_RUNNING = Statement(
    text="SELECT countIf(query LIKE {part:String} AND query NOT LIKE '%processes%') FROM system.processes",
    parameters={"part": f"%{_MARK}%"},
)
_DEADLINE = 0.2
# The statement takes some ten seconds.
_LESS_THAN_SLOW = 5.0


async def _slow_answer(
    _request: QueryRequest, _scope: Scope, engine: Answers, deadline_seconds: float | None
) -> QueryResponse:
    await engine.query(_SLOW, Limits(max_seconds=deadline_seconds))
    return QueryResponse()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def slow_ports(engine: Pool) -> AsyncIterator[Ports]:
    """A server whose every query takes many seconds of the real engine."""
    methods = insights_service(
        answer=_slow_answer,
        rules=fake_rules,
        engine=engine,
        scope=fake_scope,
        audience=lambda _project_id, _audience_id: None,
    )
    settings = Settings(http_port=0, grpc_port=0, grace_seconds=1.0)
    async with running(methods, grants=FakeGrants(), ready=engine.ping, settings=settings) as taken:
        yield taken


async def _is_running(engine: Pool) -> bool:
    rows = await engine.query(_RUNNING, Limits())
    return bool(rows.columns[0][0])


async def _until(engine: Pool, *, running_then: bool) -> None:
    """Wait for it, less long than the statement takes."""
    started = time.monotonic()
    while await _is_running(engine) is not running_then:
        assert time.monotonic() - started < _LESS_THAN_SLOW, "it never came true"
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("ask", PROTOCOLS.values(), ids=PROTOCOLS.keys())
async def test_a_deadline_of_200_ms(slow_ports: Ports, engine: Pool, ask: Ask) -> None:
    started = time.monotonic()

    outcome = await ask(slow_ports, named("any"), HEADERS, _DEADLINE)

    assert outcome.code == "DEADLINE_EXCEEDED"
    assert time.monotonic() - started < _LESS_THAN_SLOW
    await _until(engine, running_then=False)


@pytest.mark.parametrize("request_bytes", REQUESTS.values(), ids=REQUESTS.keys())
async def test_hanging_up(slow_ports: Ports, engine: Pool, request_bytes: bytes) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", slow_ports.http)
    writer.write(request_bytes)
    await _until(engine, running_then=True)

    writer.close()

    await _until(engine, running_then=False)
    await writer.wait_closed()


async def test_leaving_grpc(slow_ports: Ports, engine: Pool) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{slow_ports.grpc}") as channel:
        query = InsightsServiceStub(channel).Query  # type: ignore[no-untyped-call]
        call = query(named("any"), metadata=tuple(HEADERS.items()))
        await _until(engine, running_then=True)

        call.cancel()

        await _until(engine, running_then=False)
