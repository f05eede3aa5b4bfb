"""A server that is asked to stop finishes what runs, refuses what is new, and exits with 0."""

import asyncio
import json
import signal
from asyncio.subprocess import Process
from pathlib import Path

import grpc
import httpx
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from eventglass.transport.ports import Ports
from tests.patience import PATIENCE
from tests.wire.callers import HEADERS, PROTOCOLS, QUERY, named
from tests.wire.process import BEGAN
from tests.wire.server_process import server_process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_calls_in_flight_finish_and_new_ones_are_refused(
    tmp_path: Path, number: signal.Signals
) -> None:
    async with server_process("slow", tmp_path) as (process, ports):
        calls = [asyncio.create_task(ask(ports, named("slow"), HEADERS, None)) for ask in PROTOCOLS.values()]
        await _begun(process, len(calls))

        process.send_signal(number)
        await _refused(ports)

        late = await PROTOCOLS["grpc"](ports, named("a"), HEADERS, 10.0)
        assert [(await call).code for call in calls] == ["OK"] * len(calls)
        assert late.code == "UNAVAILABLE"
        _, log = await process.communicate()
        assert process.returncode == 0
        outcomes = [json.loads(line)["outcome"] for line in log.splitlines()]
        assert outcomes == ["OK"] * len(calls)


async def _begun(process: Process, number: int) -> None:
    """Wait until so many statements have begun."""
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        while number:
            line = await process.stderr.readline()
            assert line, "the process is gone"
            number -= line.decode().strip() == BEGAN


async def _refused(ports: Ports) -> None:
    """Wait until nobody is let in any more."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", ports.http)
            except ConnectionRefusedError:
                return
            writer.close()
            await asyncio.sleep(0.01)


async def test_grpc_health_says_not_serving_while_calls_finish(tmp_path: Path) -> None:
    async with server_process("slow", tmp_path) as (process, ports):
        async with grpc.aio.insecure_channel(f"127.0.0.1:{ports.grpc}") as channel:
            health = health_pb2_grpc.HealthStub(channel)
            watch = health.Watch(health_pb2.HealthCheckRequest(service="insights.v1.InsightsService"))
            before = await watch.read()

            process.send_signal(signal.SIGTERM)
            after = await watch.read()

        assert before.status == health_pb2.HealthCheckResponse.SERVING
        assert after.status == health_pb2.HealthCheckResponse.NOT_SERVING
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_the_real_server_starts_answers_and_stops(tmp_path: Path) -> None:
    async with server_process("real", tmp_path) as (process, ports):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports.http}", timeout=PATIENCE) as client:
            ready = await client.get("/readyz")
            stranger = await client.post(QUERY, json={}, headers=HEADERS)

        process.send_signal(signal.SIGTERM)
        _, log = await process.communicate()

        assert (ready.status_code, stranger.status_code) == (200, 401)
        assert process.returncode == 0
        lines = [json.loads(line) for line in log.splitlines()]
        assert [line["outcome"] for line in lines if line["event"] == "call"] == ["UNAUTHENTICATED"]
        # What the server was about when it stopped is ended, and that is told as no failure.
        assert {line["level"] for line in lines} == {"info"}
        assert (tmp_path / "catalog.db").exists()
