"""Funnels and retention against the scan of their columns, and against the counts-only form.

    python benchmarks/steps.py [events]

Makes a world in an engine of its own (seeded; 20 million events unless told: skewed persons, 40 event
names, 98 days), then runs the statements in turns, and prints medians and ratios of one run.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import clickhouse_connect
from google.protobuf.json_format import ParseDict

from eventglass.catalog.project import Project
from eventglass.engine.embedded import open_embedded
from eventglass.insights.registry import insight_of
from eventglass.planning.scope import Scope
from insights.v1.query_spec_pb2 import QuerySpec

ROUNDS = 7
START, DAYS = "2026-05-04T00:00:00Z", 98
SCOPE = Scope(
    project=Project(id="bench"), now=datetime(2026, 12, 1, tzinfo=UTC), watermark=None, query_id="bench"
)

# The k-th name is drawn 1/k as often as the first; persons come to 8 events a visit.
_WORLD = """
INSERT INTO events (project_id, event, time, received_at, event_id, person, user_id, session_id, session)
SELECT
    'bench',
    ['page_view', 'product_view', 'add_to_cart', 'purchase'][least(rank, 4)]
        || if(rank > 4, toString(rank), ''),
    fromUnixTimestamp64Milli(toInt64(began + (n % 8) * 90000 + cityHash64(n, 'ms') % 60000), 'UTC'),
    now64(3, 'UTC'),
    toString(n),
    cityHash64(visitor),
    'u' || toString(visitor),
    's' || toString(intDiv(n, 8)),
    cityHash64(intDiv(n, 8), 'session')
FROM (
    SELECT
        number AS n,
        cityHash64(intDiv(n, 8), 'visitor') / pow(2, 64) AS skew,
        toUInt64(pow(skew, 2) * {visitors}) AS visitor,
        {start} + cityHash64(intDiv(n, 8), 'day') % ({days} * 86400000 - 720000) AS began,
        toUInt64(pow(40, cityHash64(n, 'name') / pow(2, 64))) AS rank
    FROM numbers({events}))
SETTINGS max_insert_threads = 1, max_partitions_per_insert_block = 0
"""

_RANGE = "project_id = 'bench' AND time >= '2026-05-04' AND time < '2026-06-11'"
_STEPS = ["page_view", "product_view", "add_to_cart", "purchase", "purchase5"]


def funnel(names: list[str]) -> dict[str, Any]:
    """A funnel of 31 days with a window of 7, as callers send it."""
    return {
        "events": [{"name": name} for name in names],
        "timeRange": {"start": START, "end": "2026-06-04T00:00:00Z"},
        "visualization": "VISUALIZATION_FUNNEL",
    }


RETENTION = {
    "visualization": "VISUALIZATION_RETENTION",
    "startingEvent": {"name": "page_view"},
    "returnEvent": {"name": "purchase"},
    "timeRange": {"start": START, "end": "2026-07-27T00:00:00Z"},
    "granularity": "GRANULARITY_WEEK",
}


def counts_only(names: list[str]) -> str:
    """The engine's own function: the deepest level of each person, and nothing else."""
    conditions = ", ".join(f"event = '{name}'" for name in names)
    return f"""
    SELECT level, count() FROM (
        SELECT person, windowFunnel(604800000)(toUInt64(toUnixTimestamp64Milli(time)), {conditions}) AS level
        FROM events WHERE {_RANGE} AND event IN ({", ".join(f"'{name}'" for name in names)}) GROUP BY person)
    GROUP BY level"""


def scan(names: list[str], condition: str) -> str:
    """Read the columns alone."""
    return f"""
    SELECT sum(person), max(time), uniq(event)
    FROM events WHERE {condition} AND event IN ({", ".join(f"'{name}'" for name in names)})"""


def main() -> None:
    """Print a table of medians and ratios."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000_000
    with tempfile.TemporaryDirectory() as folder:
        opened = open_embedded(Path(folder))  # makes the tables
        client = clickhouse_connect.get_client(interface="chdb", path=str(Path(folder) / "engine"))
        start = int(datetime(2026, 5, 4, tzinfo=UTC).timestamp() * 1000)
        client.command(_WORLD.format(events=events, visitors=max(1000, events // 60), start=start, days=DAYS))
        client.command("OPTIMIZE TABLE events FINAL")
        contenders = _contenders(client)
        times: dict[str, list[float]] = {name: [] for name in contenders}
        for _ in range(ROUNDS + 1):
            for name, run in contenders.items():
                began = time.perf_counter()
                run()
                times[name].append(time.perf_counter() - began)
        _report(events, {name: statistics.median(found[1:]) for name, found in times.items()})
        client.close()
        del opened


def _contenders(client: Any) -> dict[str, Callable[[], object]]:
    def plain(text: str) -> Callable[[], object]:
        return lambda: client.query(text, settings={"use_query_condition_cache": 0}).result_rows

    def ours(asked: dict[str, Any]) -> Callable[[], object]:
        spec = ParseDict(asked, QuerySpec())
        insight = insight_of(spec)
        statement = insight.to_sql(insight.plan(spec, SCOPE))
        bound = statement.parameters.items()
        parameters = {name: list(each) if isinstance(each, tuple) else each for name, each in bound}
        settings = {"use_query_condition_cache": 0}
        return lambda: client.query(statement.text, parameters=parameters, settings=settings).result_rows

    weeks = "project_id = 'bench' AND time >= '2026-05-04' AND time < '2026-07-27'"
    repeated = ["add_to_cart", "add_to_cart", "purchase"]
    return {
        "scan 3": plain(scan(_STEPS[:3], _RANGE)),
        "windowFunnel 3": plain(counts_only(_STEPS[:3])),
        "funnel 3": ours(funnel(_STEPS[:3])),
        "scan 5": plain(scan(_STEPS, _RANGE)),
        "windowFunnel 5": plain(counts_only(_STEPS)),
        "funnel 5": ours(funnel(_STEPS)),
        "scan repeated": plain(scan(repeated[1:], _RANGE)),
        "windowFunnel repeated": plain(counts_only(repeated)),
        "funnel repeated": ours(funnel(repeated)),
        "scan retention": plain(scan(["page_view", "purchase"], weeks)),
        "retention": ours(RETENTION),
    }


def _report(events: int, medians: dict[str, float]) -> None:
    print(f"{events:,} events, medians of {ROUNDS}, milliseconds")
    for name, seconds in medians.items():
        print(f"{name:24}{seconds * 1000:8.1f}")
    for kind in ("3", "5", "repeated"):
        ours, counts, floor = (medians[f"{each} {kind}"] for each in ("funnel", "windowFunnel", "scan"))
        print(f"funnel {kind}: {ours / floor:.2f} x scan, {ours / counts:.2f} x counts only")
    print(f"retention: {medians['retention'] / medians['scan retention']:.2f} x scan")


if __name__ == "__main__":
    main()
