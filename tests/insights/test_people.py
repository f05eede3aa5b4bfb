"""Every kind of insight counts the persons that ids were joined to, not the ids."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from google.protobuf.json_format import MessageToDict, ParseDict

from eventglass.catalog.project import Project
from eventglass.engine.engine import Engine
from eventglass.ingest.identity import key_of
from eventglass.ingest.writer import Writer
from eventglass.pipeline import answer
from eventglass.planning.people import People
from eventglass.planning.scope import Scope
from events.v1.event_pb2 import Event
from insights.v1.query_service_pb2 import QueryRequest
from insights.v1.query_spec_pb2 import QuerySpec

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAYS = {"start": "2026-05-01T00:00:00Z", "end": "2026-05-04T00:00:00Z"}


def event(name: str, hour: int, *, session: str = "", **ids: str) -> Event:
    time = f"2026-05-{1 + hour // 24:02}T{hour % 24:02}:00:00Z"
    return ParseDict({"name": name, "timestamp": time, "sessionId": session, **ids}, Event())


async def join(engine: Engine, project_id: str, pairs: dict[str, str], version: int) -> None:
    """Say that ids are other persons' ids, as identity stores it."""
    rows = {
        "project_id": [project_id] * len(pairs),
        "own": pa.array([key_of(each) for each in pairs], pa.uint64()),
        "id": list(pairs),
        "is_user": [False] * len(pairs),
        "person": pa.array([key_of(each) for each in pairs.values()], pa.uint64()),
        "person_id": [""] * len(pairs),
        "version": pa.array([version] * len(pairs), pa.uint64()),
    }
    await engine.insert("person_ids", pa.table(rows))


SPECS: dict[str, tuple[dict[str, Any], object, object]] = {
    "unique users": ({"aggregation": "AGGREGATION_UNIQUE_USERS", "visualization": "VISUALIZATION_KPI"}, 4, 2),
    "events per user": (
        {"aggregation": "AGGREGATION_COUNT_PER_USER", "visualization": "VISUALIZATION_KPI"},
        1,
        2,
    ),
    "first time": (
        {"events": [{"name": "view", "firstTime": True}], "visualization": "VISUALIZATION_KPI"},
        3,
        2,
    ),
    # Two ids in one visit are two sessions until they are one person.
    "sessions": ({"aggregation": "AGGREGATION_SESSIONS", "visualization": "VISUALIZATION_KPI"}, 2, 1),
    "after a view": ({"where": {"did": {"name": "view"}}, "visualization": "VISUALIZATION_KPI"}, 0, 2),
    "after two views in 25 hours": (
        {
            "where": {"did": {"name": "view", "atLeast": 2, "within": "90000s"}},
            "visualization": "VISUALIZATION_KPI",
        },
        0,
        1,
    ),
}


@pytest.mark.parametrize("name", SPECS)
async def test_numbers(name: str, engine: Engine, writer: Writer, project_id: str) -> None:
    asked, apart, together = SPECS[name]
    await store(writer, project_id)

    before = await ask(engine, project_id, asked, People())
    await join(engine, project_id, {"phone": "ann", "desk": "ann"}, version=7)
    after = await ask(engine, project_id, asked, People(version=7, merged=True))
    earlier = await ask(engine, project_id, asked, People(version=6, merged=True))

    assert before["kpis"][0]["value"] == apart
    assert after["kpis"][0]["value"] == together
    assert earlier["kpis"][0]["value"] == apart


async def test_funnel_goes_across_ids(engine: Engine, writer: Writer, project_id: str) -> None:
    asked = {"events": [{"name": "view"}, {"name": "buy"}], "visualization": "VISUALIZATION_FUNNEL"}
    await store(writer, project_id)
    await join(engine, project_id, {"phone": "ann", "desk": "ann"}, version=7)

    before = await ask(engine, project_id, asked, People())
    after = await ask(engine, project_id, asked, People(version=7, merged=True))

    assert [step["count"] for step in before["funnel"]["steps"]] == [3, 0]
    assert [step["count"] for step in after["funnel"]["steps"]] == [2, 1]


async def test_returns_with_another_id_are_returns(engine: Engine, writer: Writer, project_id: str) -> None:
    asked = {
        "startingEvent": {"name": "view"},
        "returnEvent": {"name": "buy"},
        "visualization": "VISUALIZATION_RETENTION",
    }
    await store(writer, project_id)
    await join(engine, project_id, {"phone": "ann", "desk": "ann"}, version=7)

    before = await ask(engine, project_id, asked, People())
    after = await ask(engine, project_id, asked, People(version=7, merged=True))

    assert [each["count"] for each in before["retention"]["cohorts"][0]["periods"]] == [3, 0, 0]
    assert [each["count"] for each in after["retention"]["cohorts"][0]["periods"]] == [2, 1, 0]


async def test_the_last_join_of_an_id_is_true(engine: Engine, writer: Writer, project_id: str) -> None:
    asked, _, _ = SPECS["unique users"]
    await store(writer, project_id)
    await join(engine, project_id, {"phone": "ann", "desk": "ann"}, version=7)
    await join(engine, project_id, {"phone": "bob", "desk": "bob", "ann": "bob"}, version=8)

    both = await ask(engine, project_id, asked, People(version=8, merged=True))

    assert both["kpis"][0]["value"] == 1


async def test_a_project_whose_joins_are_gone_is_answered(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    asked, apart, _ = SPECS["unique users"]
    await store(writer, project_id)

    none = await ask(engine, project_id, asked, People(version=9, merged=True))

    assert none["kpis"][0]["value"] == apart


async def store(writer: Writer, project_id: str) -> None:
    """Store what Ann does on two devices before and after she is known, and a view of Bob's."""
    events = [
        event("view", 1, session="s", anonymousId="phone"),
        event("view", 2, session="s", anonymousId="desk"),
        event("view", 3, userId="bob"),
        event("buy", 26, userId="ann"),
        event("view", 30),  # nobody's
    ]
    reply = await writer.write(project_id, events, now=NOW, sent_at=None)
    assert reply.events_created == len(events)


async def ask(engine: Engine, project_id: str, asked: dict[str, Any], people: People) -> dict[str, Any]:
    """Ask about three days of May."""
    spec = ParseDict({"timeRange": DAYS, **asked}, QuerySpec())
    scope = Scope(project=Project(id=project_id), now=NOW, watermark=None, query_id="q", people=people)
    response = await answer(QueryRequest(query=spec), scope, engine, None)
    found: dict[str, Any] = MessageToDict(response, always_print_fields_with_no_presence=True)
    return found
