"""What the service adds to its engine's statements: one caller, one question at a time.

    python -m benchmarks.overhead [--events 1000000] [--rounds 100] [--below 50] [--folder var/bench]

The world is that of the reference insights (make it with `make bench`). The server is a process of its own,
and its caller another one on the same machine. What the service adds to a statement is its caller's time for
the answer without what the engine took for that very statement, which the server's log says (`engine_ms`).
Of that, what the server spent on the call (`ms`) is told apart; the rest is transport, and the caller itself.
"""

import argparse
import json
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import grpc

from benchmarks.reference.callers import Callers
from benchmarks.reference.insight import Insight, read_insights
from benchmarks.reference.machine import machine
from benchmarks.reference.report import table
from benchmarks.reference.served import PROJECT
from benchmarks.reference.world import ENVIRONMENT
from benchmarks.server_process import make_key, start
from eventglass.process import configure_logging

_WAYS = ("gRPC", "Connect")
_WARM_UP = 3


@dataclass(slots=True)
class Times:
    """Milliseconds of each answer of an insight, one way.

    Args:
        engine: for its statement.
        added: what its caller waited beside.
        called: of that, what the server spent on the call.
    """

    engine: list[float] = field(default_factory=list)
    added: list[float] = field(default_factory=list)
    called: list[float] = field(default_factory=list)


def main() -> None:
    """Print a table of medians and of the hundredth part that took longest."""
    parser = argparse.ArgumentParser(description="What the service adds to its engine's statements.")
    parser.add_argument("--events", type=int, default=1_000_000, help="how many the world has")
    parser.add_argument("--rounds", type=int, default=100, help="how often each is asked")
    parser.add_argument("--below", type=float, default=50.0, help="milliseconds of the statements to tell of")
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="where worlds are kept")
    asked = parser.parse_args()
    configure_logging("error")
    found = measure(asked.folder / str(asked.events), read_insights(), rounds=asked.rounds)
    print(f"{asked.events:,} events, {asked.rounds} answers each way, milliseconds; {machine()}.\n")
    parts = (" adds", ", p99", ", the call")
    head = ["insight", "engine", *(f"{way}{part}" for way in _WAYS for part in parts)]
    rows = [
        [name, f"{engine:.1f}", *(f"{part:.1f}" for way in _WAYS for part in _parts(ways[way]))]
        for name, ways in found.items()
        if (engine := statistics.median(ways[_WAYS[0]].engine)) < asked.below
    ]
    print(table(head, rows))


def measure(world: Path, insights: Sequence[Insight], *, rounds: int) -> Mapping[str, Mapping[str, Times]]:
    """Ask a server each insight, everything anew, and give its times by the insight's name and the way."""
    secret = make_key(world, PROJECT.id)
    log = world / "overhead.log"
    log.unlink(missing_ok=True)
    found = {insight.name: {way: Times() for way in _WAYS} for insight in insights}
    waited: list[tuple[Times, float]] = []
    server = start(world, log=log, settings=ENVIRONMENT)
    try:
        with grpc.insecure_channel(server.grpc) as channel:
            callers = Callers(channel, http_port=urlsplit(server.url).port or 0, secret=secret)
            for insight in insights:
                asks = {"gRPC": callers.grpc(insight.request), "Connect": callers.connect(insight.request)}
                for round_ in range(-_WARM_UP, rounds):
                    for way, ask in asks.items():
                        began = time.perf_counter()
                        ask()
                        took = (time.perf_counter() - began) * 1_000
                        waited.append((found[insight.name][way] if round_ >= 0 else Times(), took))
            callers.close()
    finally:
        server.stop()
    for (times, took), (engine, call) in zip(waited, _logged(log), strict=True):
        times.engine.append(engine)
        times.added.append(took - engine)
        times.called.append(call - engine)
    return found


def _logged(log: Path) -> Iterator[tuple[float, float]]:
    """Read what the engine and the whole call took of each question, in the order of their ends."""
    for line in log.read_text("utf-8").splitlines():
        said = json.loads(line)
        if "engine_ms" in said:
            yield said["engine_ms"], said["ms"]


def _parts(times: Times) -> tuple[float, float, float]:
    """Give the median of what was added, what a hundredth is above, and the median of the call."""
    p99 = statistics.quantiles(times.added, n=100)[-1]
    return statistics.median(times.added), p99, statistics.median(times.called)


if __name__ == "__main__":
    main()
