"""What a server does with far more events than it can take in.

    python -m benchmarks.overload [seconds]

First clients with one request each under way show what the server takes in. Then so many requests are
under way, each followed by the next at once, that at least five times as much is offered: what is
refused must say so with a reason and when to come back, the server's memory must stay bounded, and
what is accepted must be stored, once. Afterwards a single client must be served as before.
"""

import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from benchmarks.ingest import count
from benchmarks.ingest_clients import Load, Result, run
from benchmarks.server_process import PROJECT, ServerProcess, make_project, start

_BATCH = 1_000
_MOST_GROWTH_MIB = 256
_LEAST_OFFERED = 5.0
_GIVEN_UP = "DEADLINE_EXCEEDED without details"


def main() -> None:
    """Print the figures of one run; exit with 1 if a promise was broken."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        key = make_project(data_dir)
        server = start(data_dir, log=Path(folder) / "log")
        measured = _measure(server, key, seconds)
        server.stop()
    kept = _promises(measured)
    broken = [promise for promise, is_kept in kept.items() if not is_kept]
    print("\n".join(f"broken: {promise}" for promise in broken) or "all promises are kept")
    if broken:
        sys.exit(1)


@dataclass(frozen=True, kw_only=True)
class _Measured:
    """What clients saw before, during and after the storm.

    Args:
        growth_mib: of the server's memory, at its highest.
        stored: the events in the answer, after all.
    """

    calm: Sequence[Result]
    storm: Sequence[Result]
    after: Sequence[Result]
    growth_mib: float
    stored: int

    @property
    def acknowledged(self) -> int:
        """The events that clients were told are stored."""
        return sum(result.events for result in (*self.calm, *self.storm, *self.after))

    @property
    def offered(self) -> float:
        """How many times as much was sent as is taken in at ease."""
        return _rate(self.storm, with_refused=True) / _rate(self.calm)


def _measure(server: ServerProcess, key: str, seconds: float) -> _Measured:
    def load(seed: int, *, clients: int, in_flight: int, seconds: float, retries: bool) -> Load:
        return Load(
            target=server.grpc,
            key=key,
            project=PROJECT,
            clients=clients,
            in_flight=in_flight,
            batch=_BATCH,
            seconds=seconds,
            seed=seed,
            retries=retries,
        )

    calm = run([load(n, clients=2, in_flight=1, seconds=10, retries=True) for n in (1, 2)])
    before = server.memory_mib()
    _report("4 requests under way", calm)
    with _Memory(server) as memory:
        storm = run([load(n, clients=8, in_flight=8, seconds=seconds, retries=False) for n in (3, 4)])
    _report("128 requests under way", storm)
    after = run([load(5, clients=1, in_flight=1, seconds=5, retries=True)])
    _report("1 request under way, right after", after)
    growth, stored = memory.most - before, count(server, key)
    measured = _Measured(calm=calm, storm=storm, after=after, growth_mib=growth, stored=stored)
    print(f"offered {measured.offered:.1f} times what is taken in at ease")
    print(f"memory: {before:,.0f} MiB before, at most {memory.most:,.0f} MiB ({growth:+,.0f} MiB)")
    print(f"acknowledged {measured.acknowledged:,}, in the answer {stored:,}")
    return measured


def _promises(measured: _Measured) -> dict[str, bool]:
    """Say which promises were kept."""
    refusals: Counter[str] = sum((result.refusals for result in measured.storm), start=Counter())
    # What the client itself gave up after half a minute; nobody knows whether it is stored.
    unknown = refusals.pop(_GIVEN_UP, 0) * _BATCH
    most = measured.acknowledged + unknown
    return {
        "what is acknowledged is stored, once": measured.acknowledged <= measured.stored <= most,
        "refusals have details": not any(status.endswith("without details") for status in refusals),
        "memory is bounded": measured.growth_mib <= _MOST_GROWTH_MIB,
        "enough was offered": measured.offered >= _LEAST_OFFERED,
        "a single client is served right after": _is_served(measured.after),
    }


class _Memory:
    """Watches the largest memory that a server has within the block."""

    def __init__(self, server: ServerProcess) -> None:
        self.most = 0.0
        self._server = server
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            self.most = max(self.most, self._server.memory_mib())


def _rate(results: Sequence[Result], *, with_refused: bool = False) -> float:
    """Give the events per second that were acknowledged, or sent at all."""
    seconds = max(result.ended for result in results) - min(result.began for result in results)
    refused = sum(result.refusals.total() for result in results) * _BATCH if with_refused else 0
    return (sum(result.events for result in results) + refused) / seconds


def _is_served(results: Sequence[Result]) -> bool:
    """Tell whether everything that was sent was taken in."""
    return all(result.events and not result.refusals for result in results)


def _report(title: str, results: Sequence[Result]) -> None:
    latencies = sorted(each for result in results for each in result.latencies)
    refusals: Counter[str] = sum((result.refusals for result in results), start=Counter())
    print(f"{title}: {_rate(results):,.0f} events/s, p50 {_at(latencies, 0.5)}, p99 {_at(latencies, 0.99)}")
    print(f"  refused: {dict(refusals)}, in {_at(sorted(_refused_in(results)), 0.99)} (p99)", flush=True)


def _refused_in(results: Sequence[Result]) -> list[float]:
    return [each for result in results for each in result.refused_in]


def _at(ordered: Sequence[float], share: float) -> str:
    return f"{ordered[int(len(ordered) * share)] * 1e3:,.0f} ms" if ordered else "-"


if __name__ == "__main__":
    main()
