"""Where nothing arrived since all was gathered, questions do not look for what arrived late."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from google.protobuf.json_format import ParseDict

from eventglass.backend import Backend
from eventglass.catalog.catalog import open_catalog
from eventglass.catalog.project import Project
from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.event_hours import open_counts
from eventglass.ingest.writer import Writer
from eventglass.insights.registry import insight_of
from eventglass.pipeline import answer
from eventglass.planning.scope import Scope
from insights.v1.query_service_pb2 import QueryRequest, QueryResponse
from tests.in_process import backend_of
from tests.insights.asking import store
from tests.rollups.gathering import at, gather_all

_TIMES = {"timeRange": {"start": "2026-05-01T00:00:00Z", "end": "2026-05-04T00:00:00Z"}}
_SPECS: dict[str, dict[str, Any]] = {
    "users": {"aggregation": "AGGREGATION_UNIQUE_USERS"},
    "sessions": {"aggregation": "AGGREGATION_SESSIONS"},
    "bounces": {"aggregation": "AGGREGATION_BOUNCE_RATE", "visualization": "VISUALIZATION_KPI"},
    "events": {},
    "paths": {"visualization": "VISUALIZATION_PATHS", "paths": {}},
}


def _request(spec: dict[str, Any]) -> QueryRequest:
    return ParseDict({"query": {**_TIMES, **spec}}, QueryRequest())


@pytest_asyncio.fixture(loop_scope="session")
async def backend(engine: Pool, writer: Writer, register: Register) -> AsyncIterator[Backend]:
    catalog = open_catalog("sqlite://")
    yield await backend_of(engine, writer, register, catalog)
    catalog.close()


async def _scopes(backend: Backend, project_id: str) -> tuple[Scope, Scope]:
    """Look at a project as a server does, which reads rollups, and without these."""
    known = replace(backend, counts=await open_counts(backend.engine))
    await known.marks.renew()
    scope = await known.scope(Project(id=project_id), "q")
    return scope, replace(scope, rollups=False, counted=None)


async def _answered(backend: Backend, request: QueryRequest, scope: Scope) -> QueryResponse:
    response = await answer(request, scope, backend.engine, None)
    response.ClearField("metadata")
    return response


def _looks_for_late(request: QueryRequest, scope: Scope) -> bool:
    return "received_at >=" in _text(request, scope)


def _text(request: QueryRequest, scope: Scope) -> str:
    insight = insight_of(request.query)
    return insight.to_sql(insight.plan(request.query, scope)).text


@pytest.mark.parametrize("spec", _SPECS.values(), ids=_SPECS)
async def test_late_events_are_looked_for_where_there_are_some(
    backend: Backend, project_id: str, spec: dict[str, Any]
) -> None:
    request, other = _request(spec), f"{project_id}-other"
    await store(backend.writer, project_id, [at(0), at(0.1, "t"), at(1), at(-3)])
    await gather_all(backend.engine)
    found = []
    for late in ([], [at(0.2), at(5, "t"), at(2, "u")]):
        # What arrives for others is none of its business.
        await store(backend.writer, other if not late else project_id, late or [at(0)])
        scope, plain = await _scopes(backend, project_id)
        seen, expected = [await _answered(backend, request, each) for each in (scope, plain)]
        assert seen == expected
        found.append((_looks_for_late(request, scope), seen))

    (before, answer_before), (after, answer_after) = found
    assert (before, after) == (False, True)
    assert answer_before != answer_after


async def test_paths_read_names_of_counts_where_all_are_counted(backend: Backend, project_id: str) -> None:
    request = _request(_SPECS["paths"])
    await store(backend.writer, project_id, [at(0), at(0.1), at(1, "t")])
    await gather_all(backend.engine)
    counted, plain = await _scopes(backend, project_id)
    assert "FROM event_hours" in _text(request, counted)
    assert "FROM event_hours" not in _text(request, plain)

    # A name that no event had.
    await store(backend.writer, project_id, [at(0.2, name="new")])

    scope, plain = await _scopes(backend, project_id)
    seen, expected = [await _answered(backend, request, each) for each in (scope, plain)]
    assert "FROM event_hours" not in _text(request, scope)
    assert seen == expected
    assert "new" in str(seen.paths.nodes)


async def test_beside_other_servers_only_counts_say_so(backend: Backend, project_id: str) -> None:
    """Another one may gather the others anew: its mark is asked for by each question."""
    await store(backend.writer, project_id, [at(0)])
    await gather_all(backend.engine)

    scope, _ = await _scopes(replace(backend, is_shared=True), project_id)

    assert not scope.gathered
    assert [_looks_for_late(_request(spec), scope) for spec in _SPECS.values()] == [
        True,
        True,
        True,
        False,
        True,
    ]
