"""Insights read the events once: one read of the table in the engine's plan, and no row twice."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from eventglass.catalog.project import Project
from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.ingest.writer import Writer
from eventglass.insights.registry import insight_of
from eventglass.planning.scope import Scope
from eventglass.sql.statement import Statement
from events.v1.event_pb2 import Event
from insights.v1.query_spec_pb2 import QuerySpec

NOW = datetime(2026, 6, 1, tzinfo=UTC)
RANGE = {"start": "2026-05-01T00:00:00Z", "end": "2026-05-31T00:00:00Z"}
NAMES = ["home", "cart", "buy"]
ASKED: dict[str, dict[str, Any]] = {
    "a line of users": {"events": [{"name": "home"}], "aggregation": "AGGREGATION_UNIQUE_USERS"},
    "a funnel": {
        "events": [{"name": name} for name in NAMES],
        "visualization": "VISUALIZATION_FUNNEL",
    },
    "a funnel by a property": {
        "events": [{"name": name} for name in NAMES],
        "visualization": "VISUALIZATION_FUNNEL",
        "breakdown": {"property": "plan"},
    },
    "a funnel with an equal step twice": {
        "events": [{"name": "cart"}, {"name": "cart"}, {"name": "buy"}],
        "visualization": "VISUALIZATION_FUNNEL",
    },
    "retention": {
        "startingEvent": {"name": "home"},
        "returnEvent": {"name": "buy"},
        "visualization": "VISUALIZATION_RETENTION",
        "granularity": "GRANULARITY_WEEK",
    },
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED.keys())
async def test_events_are_read_once(
    asked: dict[str, Any], engine: Pool, writer: Writer, project_id: str
) -> None:
    events = [_event(name, person, day) for name in NAMES for person in range(20) for day in range(1, 6)]
    await writer.write(project_id, events, now=NOW, sent_at=None)
    spec = ParseDict({**asked, "timeRange": RANGE}, QuerySpec())
    # What is gathered of events stands beside what came since, which is another read of them.
    scope = Scope(project=Project(id=project_id), now=NOW, watermark=None, query_id="q", rollups=False)
    insight = insight_of(spec)
    statement = insight.to_sql(insight.plan(spec, scope))
    scan = Statement(
        text="SELECT sum(person) FROM events WHERE project_id = {p:String} AND event IN {n:Array(String)}",
        parameters={"p": project_id, "n": tuple(NAMES)},
    )

    plan = await asyncio.to_thread(_explained, engine, statement)
    read = (await engine.query(statement, Limits())).rows_read
    once = (await engine.query(scan, Limits())).rows_read

    assert sum("ReadFromMergeTree" in line for line in plan) == 1
    assert 0 < read <= once


def _explained(engine: Pool, statement: Statement) -> list[str]:
    # Not by `query`: what callers ask may not explain anything.
    parameters = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in statement.parameters.items()
    }
    with engine._asking.lend() as client:
        return [
            line for (line,) in client.query(f"EXPLAIN {statement.text}", parameters=parameters).result_rows
        ]


def _event(name: str, person: int, day: int) -> Event:
    event = Event(name=name, user_id=f"u{person}")
    event.timestamp.FromDatetime(datetime(2026, 5, day, person, tzinfo=UTC))
    return event
