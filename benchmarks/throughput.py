"""Questions per second of sixteen callers: through the service, and on its engine alone.

    python -m benchmarks.throughput [--events 1000000] [--seconds 5] [--rounds 3] [--folder var/bench]

The world is that of the reference insights (make it with `make bench`). The server is a
process of its own, and so are its callers, on the same machine; the engine alone runs the same statements
for as many threads, each with a client of its own. An engine's directory belongs to one process, so they
take turns.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import grpc
from clickhouse_connect.driver.client import Client

from benchmarks.reference.callers import over_grpc
from benchmarks.reference.engines import SETTINGS
from benchmarks.reference.insight import Insight, compiled, read_insights
from benchmarks.reference.machine import machine
from benchmarks.reference.served import PROJECT
from benchmarks.reference.world import ENVIRONMENT, bare_client
from benchmarks.server_process import make_key, start
from eventglass.backend import opened
from eventglass.planning.scope import Scope
from eventglass.process import configure_logging
from eventglass.settings import Settings

_CALLERS = 16
# What dashboards ask most, from a few milliseconds up.
_ASKED = ("01", "04", "07", "11", "14")

Ask = Callable[[], object]


@dataclass(slots=True, kw_only=True)
class Measured:
    """Questions per second, round by round.

    Args:
        engine: of the engine alone.
        service: through the service.
        memory_mib: resident in the server when it was through, the most of all rounds.
    """

    engine: list[float] = field(default_factory=list)
    service: list[float] = field(default_factory=list)
    memory_mib: float = 0.0


def main() -> None:
    """Print a table of medians."""
    parser = argparse.ArgumentParser(description="Questions per second of sixteen callers.")
    parser.add_argument("--events", type=int, default=1_000_000, help="how many the world has")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each is asked in a round")
    parser.add_argument("--rounds", type=int, default=3, help="how often they take turns")
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="where worlds are kept")
    asked = parser.parse_args()
    configure_logging("error")
    world = asked.folder / str(asked.events)
    secret = make_key(world, PROJECT.id)
    insights = [each for each in read_insights() if each.name.startswith(_ASKED)]
    found = {each.name: Measured() for each in insights}
    for _ in range(asked.rounds):
        _engine(world, insights, found, seconds=asked.seconds)
        _service(world, secret, insights, found, seconds=asked.seconds)
    print(f"{asked.events:,} events, {_CALLERS} callers, questions per second; {machine()}.\n")
    print("| insight | engine | service | ÷ engine | server, MiB |\n| --- | ---: | ---: | ---: | ---: |")
    for name, each in found.items():
        engine, service = statistics.median(each.engine), statistics.median(each.service)
        print(f"| {name} | {engine:.1f} | {service:.1f} | {service / engine:.2f} | {each.memory_mib:.0f} |")


def _engine(world: Path, insights: list[Insight], found: Mapping[str, Measured], *, seconds: float) -> None:
    """Ask the engine alone."""
    scope = asyncio.run(_scope(world))
    with ExitStack() as stack:
        clients = [stack.enter_context(bare_client(world)) for _ in range(_CALLERS)]
        for insight in insights:
            statement = compiled(insight.request.query, scope)
            bound = {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in statement.parameters.items()
            }
            asks = [_running(client, statement.text, bound) for client in clients]
            found[insight.name].engine.append(_per_second(asks, seconds))


async def _scope(world: Path) -> Scope:
    """Look at what a server looks at, so that the engine alone is asked the same."""
    async with opened(Settings(data_dir=world)) as backend:
        return await backend.scope(PROJECT, "bench")


def _running(client: Client, text: str, parameters: dict[str, object]) -> Ask:
    return lambda: (
        client.query(text, parameters=parameters, settings=SETTINGS, column_oriented=True).result_columns
    )


def _service(
    world: Path,
    secret: str,
    insights: list[Insight],
    found: Mapping[str, Measured],
    *,
    seconds: float,
) -> None:
    """Ask a server, which answers everything anew."""
    server = start(world, log=world / "server.log", settings=ENVIRONMENT)
    try:
        with ExitStack() as stack:
            channels = [stack.enter_context(_channel(server.grpc, number)) for number in range(_CALLERS)]
            for insight in insights:
                asks: list[Ask] = [over_grpc(channel, secret, insight.request) for channel in channels]
                measured = found[insight.name]
                measured.service.append(_per_second(asks, seconds))
                measured.memory_mib = max(measured.memory_mib, server.memory_mib())
    finally:
        server.stop()


def _channel(address: str, number: int) -> grpc.Channel:
    # Channels with equal arguments would share a connection.
    return grpc.insecure_channel(address, options=[("grpc.channel_id", number)])


def _per_second(asks: list[Ask], seconds: float) -> float:
    """Let every caller ask again and again; count what was answered while all were asking."""
    asks[0]()
    began = time.monotonic()
    ends = began + seconds

    def asking(ask: Ask) -> int:
        answered = 0
        while time.monotonic() < ends:
            ask()
            answered += 1
        return answered

    with ThreadPoolExecutor(len(asks)) as threads:
        answered = sum(threads.map(asking, asks))
    return answered / (time.monotonic() - began)


if __name__ == "__main__":
    main()
