"""A seeded world of events in an engine of its own, and statements that are timed on it in turns.

The world is made once in a folder that is kept, or anew in one that goes away. Whoever measures
compares medians of one run: times of different runs are those of different minutes of a machine.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from google.protobuf.json_format import ParseDict

from eventglass.catalog.project import Project
from eventglass.engine.embedded import open_embedded
from eventglass.engine.pool import Pool
from eventglass.engine.settings import EngineSettings, client_settings
from eventglass.ingest.commit import newest_arrival
from eventglass.ingest.event_hours import open_counts
from eventglass.ingest.marks import open_marks
from eventglass.ingest.rollups import gather
from eventglass.insights.registry import insight_of
from eventglass.planning.people import NOBODY_IDENTIFIED, People
from eventglass.planning.scope import Scope
from insights.v1.filter_pb2 import FilterExpression
from insights.v1.query_spec_pb2 import QuerySpec

PROJECT = "bench"
START, DAYS = "2026-05-04T00:00:00Z", 98
_SCOPE = Scope(
    project=Project(id=PROJECT), now=datetime(2026, 12, 1, tzinfo=UTC), watermark=None, query_id="bench"
)

# The k-th name is drawn 1/k as often as the first; persons come to 8 events a visit. A page_view
# has a page, a purchase an amount.
_WORLD = """
INSERT INTO events
    (project_id, event, time, received_at, event_id_text, person, user_id, session_id_text, session,
        properties_text)
SELECT
    '{project}',
    ['page_view', 'product_view', 'add_to_cart', 'purchase'][least(rank, 4)]
        || if(rank > 4, toString(rank), ''),
    fromUnixTimestamp64Milli(toInt64(began + (n % 8) * 90000 + cityHash64(n, 'ms') % 60000), 'UTC'),
    now64(3, 'UTC'),
    toString(n),
    cityHash64(visitor),
    'u' || toString(visitor),
    's' || toString(intDiv(n, 8)),
    cityHash64(intDiv(n, 8), 'session'),
    multiIf(
        rank = 1, '{{"page": "/products/' || toString(toUInt64(pow(200, draw))) || '"}}',
        rank = 4, '{{"amount": ' || toString(round(pow(500, draw), 2)) || '}}',
        '')
FROM (
    SELECT
        number AS n,
        cityHash64(intDiv(n, 8), 'visitor') / pow(2, 64) AS skew,
        toUInt64(pow(skew, 2) * {visitors}) AS visitor,
        {start} + cityHash64(intDiv(n, 8), 'day') % ({days} * 86400000 - 720000) AS began,
        toUInt64(pow(40, cityHash64(n, 'name') / pow(2, 64))) AS rank,
        cityHash64(n, 'draw') / pow(2, 64) AS draw
    FROM numbers({events}))
SETTINGS
    max_insert_threads = 1, max_partitions_per_insert_block = 0,
    -- Numbers are Float64, as the writer stores them.
    input_format_try_infer_integers = 0
"""

Contender = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Events to ask about.

    Args:
        events: how many there are.
        client: runs statements, one at a time.
        gathered: what a question may know of what is gathered: fields of its scope.
    """

    events: int
    client: Client
    gathered: Mapping[str, Any]

    def spec(
        self,
        asked: Mapping[str, Any],
        people: People = NOBODY_IDENTIFIED,
        audience: FilterExpression | None = None,
        *,
        rollups: bool = True,
    ) -> Contender:
        """Make the statement of a spec in JSON something to time, with what is known of persons."""
        spec = ParseDict(dict(asked), QuerySpec())
        insight = insight_of(spec)
        scope = replace(_SCOPE, people=people, audience=audience, rollups=rollups, **self.gathered)
        statement = insight.to_sql(insight.plan(spec, scope))
        bound = statement.parameters.items()
        return self._timed(
            statement.text, {name: list(each) if isinstance(each, tuple) else each for name, each in bound}
        )

    def text(self, text: str) -> Contender:
        """Make a statement that reads `events` something to time."""
        return self._timed(text, {})

    def _timed(self, text: str, parameters: dict[str, object]) -> Contender:
        settings = {"use_query_condition_cache": 0}
        return lambda: self.client.query(text, parameters=parameters, settings=settings).result_rows


@contextmanager
def world() -> Iterator[World]:
    """Open the world that the command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("events", type=int, nargs="?", default=20_000_000, help="20 million unless told")
    parser.add_argument("--world", type=Path, help="a folder to make the world in, or where it is already")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        directory = asked.world or Path(folder)
        directory.mkdir(parents=True, exist_ok=True)
        pool = open_embedded(directory)  # makes the tables
        client = clickhouse_connect.get_client(
            interface="chdb", path=str(directory / "engine"), settings=client_settings(EngineSettings())
        )
        if not client.query("SELECT count() FROM events").result_rows[0][0]:
            _make(client, asked.events)
        [(events,)] = client.query("SELECT count() FROM events").result_rows
        gathered = asyncio.run(_gather_rollups(pool))
        yield World(events=events, client=client, gathered=gathered)
        client.close()
        del pool


def medians(
    contenders: Mapping[str, Contender], *, rounds: int = 7, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Run everything in turns, once to warm up, and give the median seconds of each by a clock."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds + 1):
        for name, run in contenders.items():
            began = clock()
            run()
            times[name].append(clock() - began)
    return {name: statistics.median(found[1:]) for name, found in times.items()}


async def _gather_rollups(pool: Pool) -> Mapping[str, Any]:
    """Do what a server does in the ten minutes after events came."""
    newest_ms = await newest_arrival(pool)
    await gather(pool, until_ms=newest_ms + 1)
    counts, marks = await open_counts(pool), await open_marks(pool)
    return {"counted": counts.of(PROJECT, 0), "gathered": marks.told()}


def _make(client: Client, events: int) -> None:
    start = int(datetime.fromisoformat(START).timestamp() * 1000)
    client.command(
        _WORLD.format(
            project=PROJECT, events=events, visitors=max(1000, events // 60), start=start, days=DAYS
        )
    )
    client.command("OPTIMIZE TABLE events FINAL")
