"""What is large is shaped and written beside the event loop, so that nobody else waits for it."""

import dataclasses
import threading
from collections.abc import Callable
from typing import Any

import pytest

from eventglass import pipeline
from eventglass.catalog.project import Access, Grant, Project
from eventglass.engine.engine import Limits, Rows
from eventglass.insights.registry import insight_of
from eventglass.planning.scope import Scope
from eventglass.sql.statement import Statement
from eventglass.transport import guard
from eventglass.transport.call import Call, Method, Reply, path_of
from eventglass.transport.decoding import Encoding
from eventglass.transport.json_encoder import to_json
from insights.v1 import query_service_pb2
from insights.v1.query_service_pb2 import QueryRequest
from tests.unit.asked import NOW, request_of
from tests.wire.callers import HEADERS
from tests.wire.fakes import FakeGrants

_QUERY = query_service_pb2.DESCRIPTOR.services_by_name["InsightsService"].methods_by_name["Query"]
_SIX_DAYS = {"start": "2026-05-01T00:00:00Z", "end": "2026-05-07T00:00:00Z"}
_TWO_SERIES = {"timeRange": _SIX_DAYS, "events": [{"name": "a"}, {"name": "b"}]}


class _NoRows:
    """An engine that finds nothing; an answer has its points all the same."""

    async def query(self, statement: Statement, _limits: Limits) -> Rows:
        return Rows(columns=[[] for _ in range(statement.columns or 0)], rows_read=0, bytes_read=0)


async def _answer(data: bytes, _encoding: Encoding, call: Call, grant: Grant) -> Reply:
    scope = Scope(project=Project(id=grant.project.id), now=NOW, watermark=None, query_id=call.request_id)
    message = await pipeline.answer(QueryRequest.FromString(data), scope, _NoRows(), None)
    return Reply(message=message, rows=0)


@pytest.mark.parametrize(
    ("granularity", "points", "beside"),
    [("GRANULARITY_HOUR", 2 * 6 * 24, False), ("GRANULARITY_MINUTE", 2 * 6 * 24 * 60, True)],
    ids=["few points", "many points"],
)
async def test_many_points_are_shaped_and_written_beside_the_loop(
    monkeypatch: pytest.MonkeyPatch, granularity: str, points: int, *, beside: bool
) -> None:
    done: list[tuple[str, bool]] = []

    def noting(what: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: Any) -> Any:
            done.append((what, threading.current_thread() is not threading.main_thread()))
            return work(*given)

        return noted

    request = request_of({**_TWO_SERIES, "granularity": granularity})
    insight = insight_of(request.query)
    noted = dataclasses.replace(insight, shape=noting("shaped", insight.shape))
    monkeypatch.setattr(pipeline, "insight_of", lambda _spec: noted)
    monkeypatch.setattr(guard, "_WRITERS", {Encoding.JSON: noting("written", to_json)})
    method = Method(descriptor=_QUERY, access=frozenset({Access.READ}), answer=_answer)
    call = Call.received(method=path_of(_QUERY), headers=HEADERS, peer="", protocol="connect", remaining=None)
    running = guard.Guard(grants=FakeGrants(), most_calls=1, most_streams=1)

    body = await running.run(method, call, request.SerializeToString(), Encoding.JSON)

    assert body.count(b'"timestamp"') == points
    assert done == [("shaped", beside), ("written", beside)]
