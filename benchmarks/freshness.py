"""How long it takes from sending an event until a query counts it, while others send, too.

    python -m benchmarks.freshness [seconds]

Over and over an event of a name of its own is sent, and then asked for until it is counted. Meanwhile
four clients send batches of 100 events, each as soon as the one before is acknowledged.
"""

import asyncio
import sys
import tempfile
import threading
import time
from pathlib import Path

import grpc

from benchmarks.ingest_clients import METHOD, Load, run
from benchmarks.server_process import PROJECT, ServerProcess, make_project, start
from events.v1.events_service_pb2 import BatchCreateRequest
from insights.v1.query_service_pb2 import QueryRequest, QueryResponse
from insights.v1.query_spec_pb2 import Visualization

_QUERY = "/insights.v1.InsightsService/Query"
_PROMISED_SECONDS = 2.0


def main() -> None:
    """Print the figures of one run; exit with 1 if an event in a hundred takes longer than promised."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    with tempfile.TemporaryDirectory() as folder:
        key = make_project(Path(folder) / "data")
        server = start(Path(folder) / "data", log=Path(folder) / "log")
        others = Load(
            target=server.grpc,
            key=key,
            project=PROJECT,
            clients=4,
            in_flight=1,
            batch=100,
            seconds=seconds,
            seed=1,
        )
        sending = threading.Thread(target=run, args=([others],))
        sending.start()
        taken = sorted(asyncio.run(_seen(server, key, seconds)))
        sending.join()
        server.stop()
    late = taken[len(taken) * 99 // 100]
    print(
        f"{len(taken)} events: in an answer after {taken[len(taken) // 2]:.3f} s (median), "
        f"{late:.3f} s (p99), {taken[-1]:.3f} s (most)"
    )
    sys.exit(1 if late > _PROMISED_SECONDS else 0)


async def _seen(server: ServerProcess, key: str, seconds: float) -> list[float]:
    """Give, for each event, the seconds from sending it until an answer counted it."""
    metadata = (("authorization", f"Bearer {key}"), ("x-project-id", PROJECT))
    taken: list[float] = []
    ends = time.monotonic() + seconds
    async with grpc.aio.insecure_channel(server.grpc) as channel:
        create = channel.unary_unary(METHOD, None, None)
        ask = channel.unary_unary(_QUERY, None, QueryResponse.FromString)
        while time.monotonic() < ends:
            request = BatchCreateRequest()
            request.events.add(name=f"event {len(taken)}", user_id="u")
            question = _question(f"event {len(taken)}")
            began = time.monotonic()
            await create(request.SerializeToString(), metadata=metadata)
            while not (await ask(question, metadata=metadata)).kpis[0].value:
                pass
            taken.append(time.monotonic() - began)
    return taken


def _question(name: str) -> bytes:
    request = QueryRequest()
    request.query.events.add(name=name)
    request.query.visualization = Visualization.VISUALIZATION_KPI
    now = int(time.time())
    request.query.time_range.start.seconds = now - 86_400
    request.query.time_range.end.seconds = now + 86_400
    return request.SerializeToString()


if __name__ == "__main__":
    main()
