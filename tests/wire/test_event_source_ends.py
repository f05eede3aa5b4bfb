"""How a stream of server-sent events ends, without a port."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from eventglass.transport import event_source
from eventglass.transport.browsers import streams
from eventglass.transport.guard import Guard
from eventglass.transport.plain_http import App, Event
from tests.patience import PATIENCE
from tests.wire.callers import HEADERS
from tests.wire.fakes import FakeGrants, SlowEngine, fake_methods


@pytest.fixture
def stream() -> App:
    """A server for one stream at a time."""
    guard = Guard(grants=FakeGrants(), most_calls=1, most_streams=1)
    return streams(fake_methods(SlowEngine()), guard)[event_source.PATH]


def _scope() -> dict[str, Any]:
    headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
    return {"type": "http", "method": "GET", "path": "/stream", "query_string": b"", "headers": headers}


async def _leaves() -> Event:
    return {"type": "http.disconnect"}


async def _stays() -> Event:
    await asyncio.sleep(60)
    return await _leaves()


async def test_who_leaves_before_the_first_message_makes_room_at_once(stream: App) -> None:
    statuses = []

    async def send(event: Event) -> None:
        statuses.append(event.get("status"))
        await asyncio.sleep(60)

    async with asyncio.timeout(PATIENCE):
        for _ in range(3):
            await stream(_scope(), _leaves, send)

    assert statuses == [200] * 3


async def test_a_message_that_cannot_be_sent_is_in_the_log(stream: App) -> None:
    async def send(event: Event) -> None:
        if event["type"] == "http.response.body":
            raise ZeroDivisionError

    with capture_logs() as logged:
        async with asyncio.timeout(PATIENCE):
            await stream(_scope(), _stays, send)

    failed = [each for each in logged if each["log_level"] == "error"]
    assert [type(each["exc_info"]) for each in failed] == [ZeroDivisionError]
