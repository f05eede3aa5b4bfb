"""What both ports say about themselves, and what browsers may do."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import grpc
import httpx
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from eventglass.app import running
from eventglass.catalog.project import Grant
from eventglass.errors import UnavailableError
from eventglass.settings import Settings
from eventglass.transport.connect_front import ConnectApp
from eventglass.transport.guard import Guard
from eventglass.transport.http_app import http_app
from eventglass.transport.ports import Ports
from tests.patience import PATIENCE
from tests.wire.callers import BATCH_CREATE, HEADERS, PROTOCOLS, QUERY, named
from tests.wire.fakes import FakeGrants, SlowEngine, fake_methods
from tests.wire.raw import post
from tests.wire.servers import ORIGIN

_SERVICES = {"insights.v1.InsightsService", "events.v1.EventsService"}


def _transport(rpc: ConnectApp, ready: Callable[[], Awaitable[None]]) -> httpx.ASGITransport:
    """Call a server of its own, without a port."""
    return httpx.ASGITransport(http_app(rpc, rpc_methods=rpc.methods, ready=ready, origins=frozenset()))


@pytest.mark.parametrize("service", ["", *sorted(_SERVICES)])
async def test_grpc_health(ports: Ports, service: str) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{ports.grpc}") as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        answer = await stub.Check(health_pb2.HealthCheckRequest(service=service))

    assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def test_reflection_lists_the_services(ports: Ports) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{ports.grpc}") as channel:
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        call = stub.ServerReflectionInfo(iter([reflection_pb2.ServerReflectionRequest(list_services="")]))
        (answer,) = [part async for part in call]

    names = {service.name for service in answer.list_services_response.service}
    assert names >= _SERVICES | {"grpc.health.v1.Health"}


@pytest.mark.parametrize(("path", "text"), [("/healthz", "up\n"), ("/readyz", "ready\n")])
async def test_pages_for_supervisors(http: httpx.AsyncClient, path: str, text: str) -> None:
    answer = await http.get(path)

    assert (answer.status_code, answer.text) == (200, text)


async def test_a_server_without_its_engine_is_up_but_not_ready() -> None:
    async def away() -> None:
        raise UnavailableError("the engine is away")

    guard = Guard(grants=FakeGrants(), most_calls=1, most_streams=1)
    rpc = ConnectApp(fake_methods(SlowEngine()), guard, most_bytes=1)
    transport = _transport(rpc, away)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        up, ready = await client.get("/healthz"), await client.get("/readyz")

    assert up.status_code == 200
    assert (ready.status_code, ready.text) == (503, "the engine is away\n")


async def test_replies_are_compressed_for_who_asks(http: httpx.AsyncClient) -> None:
    answer = await http.post(QUERY, json={}, headers={"accept-encoding": "gzip"})

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.json()["metadata"]["timezone"] == "UTC"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
async def test_whole_answers_have_a_length(ports: Ports, version: str) -> None:
    """Without one they come in chunks, which callers of HTTP/1.0 cannot read."""
    body = b'{"query": {"events": [{"name": "a"}]}}'
    request = post("application/json", body, "connection: close\r\n").replace(b"1.1", version.encode())
    reader, writer = await asyncio.open_connection("127.0.0.1", ports.http)
    writer.write(request)

    answer = await asyncio.wait_for(reader.read(), PATIENCE)

    head, _, content = answer.partition(b"\r\n\r\n")
    assert b"content-length: %d" % len(content) in head.split(b"\r\n")
    assert b"transfer-encoding" not in head
    assert json.loads(content)["series"]
    writer.close()


async def test_a_known_origin_may_call(http: httpx.AsyncClient) -> None:
    asked = {"origin": ORIGIN, "access-control-request-method": "POST"}

    before = await http.options(QUERY, headers=asked)
    call = await http.post(QUERY, json={}, headers={"origin": ORIGIN})

    assert before.status_code == 204
    allowed = before.headers["access-control-allow-headers"].split(", ")
    assert {"authorization", "x-project-id", "connect-protocol-version", "x-grpc-web"} <= set(allowed)
    for answer in (before, call):
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert answer.headers["vary"].lower().count("origin") == 1
    assert "grpc-status" in call.headers["access-control-expose-headers"]


async def test_an_unknown_origin_is_granted_nothing(http: httpx.AsyncClient) -> None:
    headers = {"origin": "https://evil.example", "access-control-request-method": "POST"}

    answer = await http.options(QUERY, headers=headers)

    assert "access-control-allow-origin" not in answer.headers


async def test_too_many_calls_are_told_to_come_back() -> None:
    engine = SlowEngine()
    guard = Guard(grants=FakeGrants(), most_calls=0, most_streams=1)
    rpc = ConnectApp(fake_methods(engine), guard, most_bytes=1_000)
    transport = _transport(rpc, engine.ping)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=HEADERS) as client:
        answer = await client.post(QUERY, json={})

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["details"][0]["debug"]["reason"] == "TOO_MANY_CALLS"


async def test_calls_that_hold_too_much_are_told_to_come_back_and_a_single_one_never() -> None:
    engine = SlowEngine()
    guard = Guard(grants=FakeGrants(), most_calls=9, most_streams=1, most_bytes=1)
    rpc = ConnectApp(fake_methods(engine), guard, most_bytes=1_000)
    transport = _transport(rpc, engine.ping)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=HEADERS) as client:
        batch = {"events": [{"name": "x"}]}
        alone = await client.post(BATCH_CREATE, json=batch)
        together = await asyncio.gather(*(client.post(BATCH_CREATE, json=batch) for _ in range(4)))

    assert alone.status_code == 200
    refused = [answer for answer in together if answer.status_code == 429]
    assert len(refused) == 3
    assert {answer.headers["retry-after"] for answer in refused} == {"1"}
    assert {answer.json()["details"][0]["debug"]["reason"] for answer in refused} == {"TOO_MANY_BYTES"}


async def test_calls_that_come_together_look_their_key_up_once() -> None:
    looked_up = []

    class Counting(FakeGrants):
        def grant(self, secret: str, project_id: str) -> Grant:
            looked_up.append(secret)
            return super().grant(secret, project_id)

    engine = SlowEngine()
    guard = Guard(grants=Counting(), most_calls=9, most_streams=1)
    rpc = ConnectApp(fake_methods(engine), guard, most_bytes=1_000)
    transport = _transport(rpc, engine.ping)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=HEADERS) as client:
        batch = {"events": [{"name": "x"}]}
        answers = await asyncio.gather(*(client.post(BATCH_CREATE, json=batch) for _ in range(4)))

    assert {answer.status_code for answer in answers} == {200}
    assert len(looked_up) == 1


@pytest.mark.parametrize("taken", ["http", "grpc"])
async def test_a_taken_port_is_named(ports: Ports, taken: str) -> None:
    numbers = {"http_port": 0, "grpc_port": 0, f"{taken}_port": getattr(ports, taken)}
    settings = Settings(**numbers)
    engine = SlowEngine()

    with pytest.raises(UnavailableError, match=f"cannot listen on 127.0.0.1:{getattr(ports, taken)}"):
        async with running(fake_methods(engine), grants=FakeGrants(), ready=engine.ping, settings=settings):
            pass


async def test_the_generated_stubs_get_the_same_answer_everywhere(ports: Ports) -> None:
    answers = [await ask(ports, named("a"), HEADERS, None) for ask in PROTOCOLS.values()]

    points = {
        answer.response.series[0].SerializeToString(deterministic=True)
        for answer in answers
        if answer.response
    }
    assert len(points) == 1
