"""Kept answers of a real server: as new as the newest event, and everybody's of one project alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest

from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest import journaled
from eventglass.ingest.journal import Journal
from eventglass.ingest.writer import open_writer
from events.v1.event_pb2 import Event
from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.query_service_pb2 import Cache, QueryRequest, QueryResponse
from insights.v1.query_service_pb2_grpc import InsightsServiceStub
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from profiles.v1.profiles_sdk_service_pb2 import AliasRequest
from profiles.v1.profiles_sdk_service_pb2_grpc import ProfilesSDKServiceStub
from tests.in_process import serving_in_process
from tests.live.served import Served, Tenant


async def _users(tenant: Tenant) -> QueryResponse:
    return await _ask(tenant, aggregation=Aggregation.AGGREGATION_UNIQUE_USERS)


_MAY = (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))


async def _ask(
    tenant: Tenant,
    cache: Cache = Cache.CACHE_UNSPECIFIED,
    aggregation: Aggregation = Aggregation.AGGREGATION_COUNT,
    between: tuple[datetime, datetime] = _MAY,
) -> QueryResponse:
    spec = QuerySpec(
        events=[EventSelector(name="visit")],
        visualization=Visualization.VISUALIZATION_KPI,
        aggregation=aggregation,
    )
    spec.time_range.start.FromDatetime(between[0])
    spec.time_range.end.FromDatetime(between[1])
    async with grpc.aio.insecure_channel(f"127.0.0.1:{tenant.ports.grpc}") as channel:
        query = InsightsServiceStub(channel).Query  # type: ignore[no-untyped-call]
        reply: QueryResponse = await query(
            QueryRequest(query=spec, cache=cache), metadata=tuple(tenant.headers.items())
        )
    return reply


def _visit(user_id: str) -> Event:
    event = Event(name="visit", user_id=user_id)
    event.timestamp.FromDatetime(datetime(2026, 5, 2, tzinfo=UTC))
    return event


async def test_an_event_that_is_only_in_the_journal_is_in_the_next_answer(
    engine: Pool, register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is inserted when somebody asks, who is not given what was kept before."""
    monkeypatch.setattr(journaled, "_MOST_REST_SECONDS", 3_600.0)
    monkeypatch.setattr(journaled, "_REST", 1e9)
    writer = await open_writer(engine, Journal(tmp_path / "journal"))
    async with serving_in_process(engine, writer, register, tmp_path) as server:
        tenant = Served(ports=server.ports, catalog=server.catalog).tenant()
        counts = []
        for number in range(3):
            await tenant.send(_visit(f"u{number}"))
            counts += [(await _ask(tenant)).kpis[0].value for _ in range(2)]
    await writer.close()

    assert counts == [1, 1, 2, 2, 3, 3]


async def test_a_kept_answer_is_given_until_an_event_comes(served: Served) -> None:
    tenant, other = served.tenant(), served.tenant()
    await tenant.send(_visit("u"))

    first, again = await _ask(tenant), await _ask(tenant)
    await other.send(_visit("u"))
    still = await _ask(tenant)
    await tenant.send(_visit("v"))
    newer = await _ask(tenant)

    assert [reply.kpis[0].value for reply in (first, again, still, newer)] == [1, 1, 1, 2]
    assert [reply.metadata.cached for reply in (first, again, still, newer)] == [False, True, True, False]
    assert [reply.metadata.rows_read > 0 for reply in (first, again, still, newer)] == [
        True,
        False,
        False,
        True,
    ]
    assert first.metadata.watermark == again.metadata.watermark != newer.metadata.watermark


async def test_so_is_one_of_a_time_that_is_not_over(served: Served) -> None:
    tenant = served.tenant()
    now = datetime.now(UTC)
    today = (now - timedelta(days=1), now + timedelta(days=1))
    await tenant.send(Event(name="visit", user_id="u"))

    before = [await _ask(tenant, between=today) for _ in range(2)]
    await tenant.send(Event(name="visit", user_id="v"))
    after = [await _ask(tenant, between=today) for _ in range(2)]

    assert [reply.kpis[0].value for reply in (*before, *after)] == [1, 1, 2, 2]
    assert [reply.metadata.cached for reply in (*before, *after)] == [False, True, False, True]
    assert all(reply.kpis[0].partial for reply in (*before, *after))


async def test_another_project_has_its_own_answers(served: Served) -> None:
    tenant, other = served.tenant(), served.tenant()
    await tenant.send(_visit("u"))
    await _ask(tenant)

    reply = await _ask(other)

    assert (reply.kpis[0].value, reply.metadata.cached) == (0, False)


async def test_whoever_wants_it_anew_gets_it_anew(served: Served) -> None:
    tenant = served.tenant()
    await _ask(tenant)

    reply = await _ask(tenant, Cache.CACHE_NO_CACHE)

    assert not reply.metadata.cached


async def test_a_kept_answer_is_given_until_persons_change(served: Served) -> None:
    tenant = served.tenant()
    await tenant.send(_visit("u"), _visit("v"))
    first, again = await _users(tenant), await _users(tenant)

    async with grpc.aio.insecure_channel(f"127.0.0.1:{tenant.ports.grpc}") as channel:
        stub = ProfilesSDKServiceStub(channel)  # type: ignore[no-untyped-call]
        await stub.Alias(
            AliasRequest(previous_id="u", external_id="v"), metadata=tuple(tenant.headers.items())
        )
    newer = await _users(tenant)

    assert [reply.kpis[0].value for reply in (first, again, newer)] == [2, 2, 1]
    assert [reply.metadata.cached for reply in (first, again, newer)] == [False, True, False]
