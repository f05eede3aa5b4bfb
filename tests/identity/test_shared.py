"""A server that does not know what others have stored finds it out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from google.protobuf.json_format import ParseDict

from eventglass.backend import Backend
from eventglass.catalog.catalog import open_catalog
from eventglass.catalog.project import Project
from eventglass.engine.pool import Pool
from eventglass.identity.profiles import get, list_profiles
from eventglass.identity.register import Register, open_register
from eventglass.ingest.arrivals import Arrivals
from eventglass.ingest.event_hours import open_counts
from eventglass.ingest.marks import open_marks
from eventglass.ingest.writer import Writer, open_writer
from eventglass.live.log import list_events
from eventglass.pipeline import answer
from eventglass.planning.people import WHOEVER
from eventglass.planning.scope import Scope
from events.v1 import list_pb2
from insights.v1.query_service_pb2 import QueryRequest
from profiles.v1.profiles_service_pb2 import ListRequest
from tests.identity.saying import MAY, NOW, erase, happen, identify, looking
from tests.identity.test_erasure import LATER

USERS = {
    "aggregation": "AGGREGATION_UNIQUE_USERS",
    "visualization": "VISUALIZATION_KPI",
    "timeRange": MAY,
    "where": {"not": {"filter": {"property": "$user.plan", "operator": "OPERATOR_EQUALS", "value": "free"}}},
}


async def _users(engine: Pool, register: Register, project_id: str) -> float:
    scope = replace(looking(register, project_id), people=WHOEVER)
    response = await answer(ParseDict({"query": USERS}, QueryRequest()), scope, engine, None)
    return response.kpis[0].value


async def test_it_sees_joins_traits_and_erasures(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 1, "~phone"), ("a", 2, "ann"), ("a", 3, "bob"), ("a", 4, "eve"))
    seen = [await _users(engine, register, project_id)]

    await identify(register, project_id, "ann", "phone")
    seen.append(await _users(engine, register, project_id))
    await identify(register, project_id, "eve", traits={"plan": "free"})
    seen.append(await _users(engine, register, project_id))
    await erase(register, project_id, "phone", now=LATER)
    seen.append(await _users(engine, register, project_id))

    assert seen == [4, 3, 2, 1]


async def test_what_it_is_told_counts_after_what_another_server_was_told(
    engine: Pool, project_id: str
) -> None:
    first, second = await open_register(engine), await open_register(engine, is_shared=True)
    await identify(first, project_id, "ann", traits={"plan": "free"})
    # By a clock that is ahead.
    await erase(first, project_id, "ann", now=NOW + timedelta(minutes=5))

    await identify(second, project_id, "ann", "phone", traits={"plan": "pro"})

    profile = await get("phone", looking(second, project_id), engine, None)
    assert (profile.profile_id, [*profile.ids], dict(profile.traits)) == (
        "ann",
        ["ann", "phone"],
        {"plan": "pro"},
    )


@asynccontextmanager
async def _reading(engine: Pool, register: Register) -> AsyncIterator[Backend]:
    """Open what a second server has, which stores nothing."""
    counts, marks = await open_counts(engine), await open_marks(engine)
    writer = await open_writer(engine)
    catalog = open_catalog("sqlite://")
    yield Backend(
        engine=engine,
        writer=writer,
        register=register,
        catalog=catalog,
        is_shared=True,
        arrivals=Arrivals(engine),
        counts=counts,
        marks=marks,
    )
    catalog.close()
    await writer.close()


async def _counts(engine: Pool, scope: Scope) -> dict[str, float]:
    """Count a project's events in every way that is pinned to a moment."""
    table = {"visualization": "VISUALIZATION_TABLE", "timeRange": MAY}
    rows = await answer(ParseDict({"query": table}, QueryRequest()), scope, engine, None)
    log = await list_events(list_pb2.ListRequest(), scope, engine, None)
    persons = await list_profiles(ListRequest(), scope, engine, None)
    return {
        "table": rows.rows[0].value,
        "log": len(log.events),
        "profile": (await get("ann", scope, engine, None)).event_count,
        "profiles": sum(each.event_count for each in persons.profiles),
    }


@pytest.mark.parametrize("was_empty", [True, False])
async def test_it_sees_the_events_that_another_server_stores(
    engine: Pool, writer: Writer, register: Register, project_id: str, was_empty: bool
) -> None:
    before = [] if was_empty else [("a", 1, "ann")]
    if before:
        await happen(writer, project_id, *before)
    async with _reading(engine, register) as backend:
        seen = []
        for hour in (2, 3):
            await happen(writer, project_id, ("a", hour, "ann"))
            scope = replace(await backend.scope(Project(id=project_id), "q"), now=NOW)
            seen.append(await _counts(engine, scope))

    assert seen == [dict.fromkeys(seen[0], len(before) + number) for number in (1, 2)]


@pytest.mark.parametrize("is_filled", [False, True])
async def test_it_knows_until_when(
    engine: Pool, latest_writer: Writer, register: Register, project_id: str, is_filled: bool
) -> None:
    project, other = Project(id=project_id), f"{project_id}-other"
    await happen(latest_writer, other, ("a", 1, "ann"))
    async with _reading(engine, register) as backend:
        if is_filled:
            await backend.writer._filling  # until then it knows the newest of all projects alone
        nothing = (await backend.scope(project, "q")).watermark
        await happen(latest_writer, project_id, ("a", 1, "ann"))
        first = (await backend.scope(project, "q")).watermark
        again = (await backend.scope(project, "q")).watermark

    assert first is not None
    assert first == again == latest_writer.watermark(project_id)
    assert nothing == (None if is_filled else latest_writer.watermark(other))
    assert nothing is None or nothing <= first - timedelta(milliseconds=1)
