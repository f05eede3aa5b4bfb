"""Stored events, page by page. What passes is compared with the oracle in tests/agreement/test_log.py."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventglass.catalog.project import Access, Project
from eventglass.live.log import MOST_BYTES
from eventglass.spec.live import violations_of_list
from events.v1.event_pb2 import Event
from events.v1.list_pb2 import ListOrder, ListRequest, ListResponse
from events.v1.stream_pb2 import StreamRequest
from insights.v1.filter_pb2 import Filter
from insights.v1.time_pb2 import TimeRange
from tests.ingest.test_ids import ALL as SPELLINGS
from tests.live.served import STREAMS, EndedError, Served, Tenant, events_of
from tests.live.test_stored import OBJECTS
from tests.patience import PATIENCE

NOW = datetime.now(UTC)


def _event(event_id: str, *, minutes_ago: float = 1, user_id: str = "") -> Event:
    event = Event(name="x", event_id=event_id, user_id=user_id)
    event.timestamp.FromDatetime(NOW - timedelta(minutes=minutes_ago))
    return event


def _ids(pages: Iterable[ListResponse]) -> list[str]:
    return [event.event_id for page in pages for event in page.events]


async def _pages(tenant: Tenant, request: ListRequest) -> list[ListResponse]:
    pages = [await tenant.list(request)]
    while pages[-1].next_page_token:
        request.page_token = pages[-1].next_page_token
        pages.append(await tenant.list(request))
    return pages


async def test_events_stand_by_time_and_then_by_id(tenant: Tenant) -> None:
    await tenant.send(_event("b"), _event("a"), _event("c", minutes_ago=2), _event("é"), _event("10"))

    newest = await _pages(tenant, ListRequest(page_size=2))
    oldest = await _pages(tenant, ListRequest(page_size=2, order=ListOrder.LIST_ORDER_OLDEST_FIRST))

    assert _ids(newest) == ["é", "b", "a", "10", "c"]
    assert _ids(oldest) == ["c", "10", "a", "b", "é"]
    assert [len(page.events) for page in newest] == [2, 2, 1]


async def test_ids_are_listed_as_they_were_sent_and_stand_by_their_bytes(tenant: Tenant) -> None:
    for event_id, session_id in zip(SPELLINGS, ["", *SPELLINGS[1:]], strict=True):
        event = _event(event_id)
        event.session_id = session_id
        await tenant.send(event)

    pages = await _pages(tenant, ListRequest(page_size=5, order=ListOrder.LIST_ORDER_OLDEST_FIRST))
    newest = await _pages(tenant, ListRequest(page_size=5))

    listed = [(event.event_id, event.session_id) for page in pages for event in page.events]
    assert dict(listed) == dict(zip(SPELLINGS, ["", *SPELLINGS[1:]], strict=True))
    assert _ids(pages) == _ids(newest)[::-1] == sorted(SPELLINGS, key=str.encode)


async def test_nothing_has_arrived_yet(tenant: Tenant) -> None:
    assert await tenant.list(ListRequest()) == ListResponse()


async def test_later_pages_know_nothing_that_arrived_after_the_first(tenant: Tenant) -> None:
    await tenant.send(_event("1", minutes_ago=1), _event("2", minutes_ago=2))
    first = await tenant.list(ListRequest(page_size=1))

    await tenant.send(_event("late", minutes_ago=1.5))

    second = await tenant.list(ListRequest(page_size=1, page_token=first.next_page_token))
    assert _ids([first, second]) == ["1", "2"]
    assert not second.next_page_token
    assert second.watermark == first.watermark
    assert _ids([await tenant.list(ListRequest())]) == ["1", "late", "2"]


async def test_what_is_dated_tomorrow_is_listed_as_it_arrived(tenant: Tenant) -> None:
    await tenant.send(_event("tomorrow", minutes_ago=-24 * 60), _event("now", minutes_ago=1))

    assert _ids(await _pages(tenant, ListRequest())) == ["tomorrow", "now"]


async def test_a_range_holds_its_start_and_not_its_end(tenant: Tenant) -> None:
    await tenant.send(*(_event(str(each), minutes_ago=each) for each in range(1, 5)))
    range_ = TimeRange()
    range_.start.FromDatetime(NOW - timedelta(minutes=3))
    range_.end.FromDatetime(NOW - timedelta(minutes=1))

    assert _ids(await _pages(tenant, ListRequest(time_range=range_))) == ["2", "3"]


async def test_what_a_stream_has_not_sent_is_listed(tenant: Tenant) -> None:
    async with STREAMS["grpc"](tenant, StreamRequest(), None) as messages:
        await anext(messages)
        await tenant.send(_event("seen"))
        watermark = (await anext(messages)).watermark
    await tenant.send(_event("missed 1", minutes_ago=5_000))
    await tenant.send(_event("missed 2"))

    listed = await _pages(
        tenant, ListRequest(arrived_after=watermark, order=ListOrder.LIST_ORDER_OLDEST_FIRST)
    )

    assert _ids(listed) == ["missed 1", "missed 2"]


async def test_a_page_of_large_events_ends_early(tenant: Tenant) -> None:
    for number in range(4):
        event = _event(str(number))
        event.properties.update({"text": "x" * (MOST_BYTES * 2 // 5)})
        await tenant.send(event)
    giant = _event("giant")
    giant.properties.update({"text": "x" * (MOST_BYTES + 1)})
    await tenant.send(giant)

    pages = await _pages(tenant, ListRequest())

    assert [[event.event_id for event in page.events] for page in pages] == [
        ["giant"],
        ["3", "2"],
        ["1", "0"],
    ]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(OBJECTS, min_size=1, max_size=5))
async def test_an_event_is_listed_as_it_was_streamed(served: Served, sent: list[dict[str, Any]]) -> None:
    tenant = served.tenant()
    events = [_event(str(number), minutes_ago=-number, user_id="u") for number in range(-len(sent), 0)]
    for event, properties in zip(events, sent, strict=True):
        event.properties.update(properties)
        event.context.update(properties)
    async with STREAMS["grpc"](tenant, StreamRequest(), None) as messages:
        await anext(messages)
        await tenant.send(*events)
        streamed = await events_of(messages, len(events))

    listed = await tenant.list(ListRequest(order=ListOrder.LIST_ORDER_OLDEST_FIRST))

    assert list(listed.events) == streamed


@pytest.mark.parametrize(
    ("access", "may"), [(Access.READ, True), (Access.STREAM, False), (Access.WRITE, False)]
)
async def test_who_may_list(served: Served, access: Access, may: bool) -> None:
    tenant = served.tenant(frozenset({access}))
    try:
        await tenant.list(ListRequest())
        outcome = "OK"
    except EndedError as ended:
        outcome = ended.outcome.info.reason

    assert outcome == ("OK" if may else "ACCESS_MISSING")


async def test_by_plain_json(served: Served, tenant: Tenant) -> None:
    await tenant.send(_event("1"), _event("2", minutes_ago=2))
    path = "/events.v1.EventsService/List"
    async with httpx.AsyncClient(base_url=served.url, headers=tenant.headers, timeout=PATIENCE) as http:
        first = (await http.post(path, json={"pageSize": 1})).json()
        message = f'{{"pageSize":1,"pageToken":"{first["nextPageToken"]}"}}'
        second = (
            await http.get(path, params={"encoding": "json", "message": message, "connect": "v1"})
        ).json()

    assert [event["eventId"] for event in first["events"]] == ["1"]
    assert [event["eventId"] for event in second["events"]] == ["2"]
    assert second["nextPageToken"] == ""
    assert second["watermark"] == first["watermark"]


async def test_a_wrong_request_is_told_all_at_once(tenant: Tenant) -> None:
    range_ = TimeRange()
    range_.start.FromDatetime(NOW)
    request = ListRequest(time_range=range_, names=[""], timezone="Mars", page_size=1_001, page_token="x")
    request.filters.append(Filter(property="a"))
    request.arrived_after.seconds = -(10**11)

    with pytest.raises(EndedError) as ended:
        await tenant.list(request)

    assert ended.value.outcome.violations == [
        ("time_range.end", "REQUIRED"),
        ("names[0]", "EMPTY"),
        ("filters[0].operator", "REQUIRED"),
        ("timezone", "UNKNOWN_TIMEZONE"),
        ("arrived_after", "OUT_OF_RANGE"),
        ("page_size", "OUT_OF_RANGE"),
        ("page_token", "INVALID_PAGE_TOKEN"),
    ]


async def test_a_token_is_good_for_its_own_question_only(tenant: Tenant) -> None:
    await tenant.send(_event("1"), _event("2"))
    token = (await tenant.list(ListRequest(page_size=1))).next_page_token
    project = Project(id=tenant.project)

    (found,) = violations_of_list(ListRequest(page_size=1, names=["x"], page_token=token), project)

    assert (found.field, found.code) == ("page_token", "INVALID_PAGE_TOKEN")
    assert "another question" in found.description
    assert violations_of_list(ListRequest(page_size=7, page_token=token), project) == []
