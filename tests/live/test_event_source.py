"""GET /stream. That it is a stream like the others is in test_stream.py."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from eventglass.catalog.project import Access
from eventglass.live import stream as live_stream
from eventglass.transport.event_source import frames
from events.v1.event_pb2 import Event
from events.v1.stored_event_pb2 import StoredEvent
from events.v1.stream_pb2 import StreamGap, StreamRequest, StreamResponse
from tests.live.conftest import ORIGIN
from tests.live.served import Served, Tenant
from tests.live.server_sent import ServerSent, blocks, url_of
from tests.patience import PATIENCE
from tests.wire.callers import unpacked_json

BEGUN = datetime(2026, 5, 1, 12, microsecond=1_000, tzinfo=UTC)


async def _blocks(answer: httpx.Response, number: int) -> list[ServerSent]:
    found: list[ServerSent] = []
    async with asyncio.timeout(PATIENCE):
        async for block in blocks(answer.aiter_lines()):
            found.append(block)
            if len(found) == number:
                return found
    raise AssertionError("the stream ended")


def test_a_message_is_a_gap_its_events_and_the_id_to_come_back_with() -> None:
    message = StreamResponse(
        gap=StreamGap(missed=3, at_most=True), events=[StoredEvent(name="a"), StoredEvent(name="b\n")]
    )
    message.watermark.FromMilliseconds(1_001)

    written = frames(message, begun=BEGUN).decode()

    gap, first, second, end = written.split("\n\n")[:-1]
    assert gap == 'event: gap\ndata: {"missed":3,"atMost":true}'
    assert first.startswith('data: {"eventId":"","name":"a",')
    assert r'"name":"b\n"' in second
    assert end == "id: 1970-01-01T00:00:01.001Z"


def test_before_anything_has_arrived_the_id_is_a_moment_before_the_stream() -> None:
    assert frames(StreamResponse(), begun=BEGUN) == b"id: 2026-05-01T11:59:00.001Z\n\n"


async def test_what_a_browser_is_sent(tenant: Tenant) -> None:
    url = url_of(tenant.ports, tenant.headers, StreamRequest())
    async with (
        httpx.AsyncClient(timeout=PATIENCE) as client,
        client.stream("GET", url, headers={"origin": ORIGIN}) as answer,
    ):
        await tenant.send(Event(name="a", event_id="1"), Event(name="b", event_id="2"))
        found = await _blocks(answer, 4)

    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache, no-transform"
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert [block.event for block in found] == ["message"] * 4
    assert ['"eventId":"1"' in found[1].data, '"eventId":"2"' in found[2].data] == [True, True]
    assert [block.id is None for block in found] == [False, True, True, False]


async def test_headers_will_do_where_they_can_be_sent(served: Served, tenant: Tenant) -> None:
    async with (
        httpx.AsyncClient(base_url=served.url, headers=tenant.headers, timeout=PATIENCE) as client,
        client.stream("GET", "/stream", params={"names": "a"}) as answer,
    ):
        await tenant.send(Event(name="b"), Event(name="a"))
        found = await _blocks(answer, 2)

    assert '"name":"a"' in found[1].data


async def test_a_stream_lives_while_nothing_happens(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_stream, "KEEPALIVE_SECONDS", 0.5)
    await tenant.send(Event(name="before"))
    url = url_of(tenant.ports, tenant.headers, StreamRequest())
    async with httpx.AsyncClient(timeout=PATIENCE) as client, client.stream("GET", url) as answer:
        first, second = await _blocks(answer, 2)

    assert (first.data, second.data) == ("", "")
    assert first.id == second.id != ""


@pytest.mark.parametrize(
    ("parameters", "violations"),
    [
        ({"name": "a"}, [("name", "UNKNOWN_FIELD")]),
        ({"filters": "[{"}, [("filters", "BROKEN_JSON")]),
        ({"filters": "{}"}, [("filters", "WRONG_TYPE")]),
        ({"filters": "[" * 300 + "]" * 300}, [("filters[0]", "WRONG_TYPE")]),
        ({"filters": "[" * 1_000 + "]" * 1_000}, [("", "TOO_DEEP")]),
        ({"filters": "[" * 2_000 + "]" * 2_000}, [("filters", "BROKEN_JSON")]),
        ({"where": '{"not": {}, "not": {}}'}, [("where", "REPEATED_FIELD")]),
        ({"timezone": ["UTC", "UTC"]}, [("timezone", "REPEATED_FIELD")]),
        (
            {"key": ["a", "b"], "project": ["", "a"]},
            [("key", "REPEATED_FIELD"), ("project", "REPEATED_FIELD")],
        ),
        ({"timezone": "Mars", "names": ""}, [("names[0]", "EMPTY"), ("timezone", "UNKNOWN_TIMEZONE")]),
    ],
)
async def test_wrong_parameters(
    served: Served, tenant: Tenant, parameters: dict[str, str | list[str]], violations: list[tuple[str, str]]
) -> None:
    async with httpx.AsyncClient(base_url=served.url, headers=tenant.headers, timeout=PATIENCE) as client:
        answer = await client.get("/stream", params=parameters)

    assert answer.status_code == 400
    info, bad = unpacked_json(answer.json())
    assert info.domain == "eventglass"  # type: ignore[attr-defined]
    found = [(each.field, each.reason) for each in bad.field_violations]  # type: ignore[attr-defined]
    assert found == violations


async def test_parameters_are_text(served: Served, tenant: Tenant) -> None:
    async with httpx.AsyncClient(base_url=served.url, headers=tenant.headers, timeout=PATIENCE) as client:
        answer = await client.get("/stream?names=%ff")

    (info,) = unpacked_json(answer.json())
    assert (answer.status_code, info.reason) == (400, "BROKEN_REQUEST")  # type: ignore[attr-defined]


async def test_who_may_watch(served: Served, tenant: Tenant) -> None:
    writer = served.tenant(frozenset({Access.WRITE}))
    async with httpx.AsyncClient(base_url=served.url, timeout=PATIENCE) as client:
        stranger = await client.get("/stream", params={"project": tenant.project, "key": "eg_wrong"})
        nobody = await client.get("/stream", params={"project": tenant.project})
        wrong = await client.get("/stream", headers=writer.headers)
        posted = await client.post("/stream", headers=tenant.headers)

    reasons = [each.json()["details"][0]["debug"]["reason"] for each in (stranger, nobody, wrong, posted)]
    assert reasons == ["CREDENTIAL_UNKNOWN", "CREDENTIAL_MISSING", "ACCESS_MISSING", "METHOD_NOT_ALLOWED"]
    assert [each.status_code for each in (stranger, nobody, wrong, posted)] == [401, 401, 403, 405]
    assert stranger.headers["x-request-id"]
    assert nobody.json()["message"] == "send the project's key as the parameter `key`"
