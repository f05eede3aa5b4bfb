"""How many events a second a server takes in, each on disk when it is acknowledged.

    python -m benchmarks.ingest [seconds]

Starts a server of its own in a fresh directory, and clients with real gRPC in other processes on the
same machine. Loads of one run, one after the other: 4 clients with batches of 1,000 events, and 64
clients with batches of 10. Afterwards every acknowledged event must be in the answer, once.
"""

import json
import sys
import tempfile
import urllib.request
from collections import Counter
from pathlib import Path

from benchmarks.ingest_clients import Load, Result, run
from benchmarks.server_process import PROJECT, ServerProcess, make_project, start

# Name, processes, clients of each, requests that each client has under way, events in a request.
_LOADS = (
    ("4 clients, batches of 1,000, one under way each", 4, 1, 1, 1_000),
    ("4 clients, batches of 1,000, four under way each", 4, 1, 4, 1_000),
    ("64 clients, batches of 10, one under way each", 2, 32, 1, 10),
)


def main() -> None:
    """Print the figures of one run."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        key = make_project(data_dir)
        server = start(data_dir, log=Path(folder) / "log")
        sent = 0
        for place, (title, processes, clients, in_flight, batch) in enumerate(_LOADS):
            loads = [
                Load(
                    target=server.grpc,
                    key=key,
                    project=PROJECT,
                    clients=clients,
                    in_flight=in_flight,
                    batch=batch,
                    seconds=seconds,
                    seed=10 * place + number,
                )
                for number in range(processes)
            ]
            sent += _measure(title, server, loads)
        stored = count(server, key)
        print(f"acknowledged {sent:,}, in the answer {stored:,}")
        server.stop()
        if stored != sent:
            sys.exit(1)


def count(server: ServerProcess, key: str) -> int:
    """Ask how many events the project has."""
    query = {
        "timeRange": {"start": "2000-01-01T00:00:00Z", "end": "2100-01-01T00:00:00Z"},
        "visualization": "VISUALIZATION_KPI",
    }
    headers = {
        "authorization": f"Bearer {key}",
        "x-project-id": PROJECT,
        "content-type": "application/json",
    }
    url = f"{server.url}/insights.v1.InsightsService/Query"
    request = urllib.request.Request(url, data=json.dumps({"query": query}).encode(), headers=headers)
    with urllib.request.urlopen(request) as reply:
        return int(json.load(reply)["kpis"][0]["value"])


def _measure(title: str, server: ServerProcess, loads: list[Load]) -> int:
    before = server.cpu_seconds()
    results = run(loads)
    server_cpu = server.cpu_seconds() - before
    print(title)
    _report(results, server_cpu)
    print(f"  memory of the server: {server.memory_mib():,.0f} MiB", flush=True)
    return sum(result.events for result in results)


def _report(results: list[Result], server_cpu: float) -> None:
    events = sum(result.events for result in results)
    seconds = max(result.ended for result in results) - min(result.began for result in results)
    latencies = sorted(each for result in results for each in result.latencies)
    client_cpu = sum(result.cpu_seconds for result in results)
    middle, late = latencies[len(latencies) // 2], latencies[len(latencies) * 99 // 100]
    print(f"  {events / seconds:,.0f} events/s, {len(latencies) / seconds:,.0f} batches/s in {seconds:.1f} s")
    print(f"  acknowledged in {middle * 1e3:.0f} ms (median), {late * 1e3:.0f} ms (p99)")
    print(
        f"  processors: server {server_cpu / seconds:.2f}, clients {client_cpu / seconds:.2f}; per event: "
        f"server {server_cpu / events * 1e6:.1f} µs, clients {client_cpu / events * 1e6:.1f} µs"
    )
    refusals: Counter[str] = sum((result.refusals for result in results), start=Counter())
    if refusals:
        print(f"  refused: {dict(refusals)}")


if __name__ == "__main__":
    main()
