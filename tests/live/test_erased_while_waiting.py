"""Events that wait for a slow subscriber when their person is erased."""

from collections.abc import Collection
from datetime import UTC, datetime

import pytest

from eventglass.catalog.project import Project
from eventglass.engine.pool import Pool
from eventglass.errors import UnavailableError
from eventglass.ingest.writer import Committed
from eventglass.live import broadcast as broadcasting
from eventglass.live.broadcast import Broadcast
from eventglass.live.stream import stream
from eventglass.live.subscription import MOST_AT_ONCE
from eventglass.planning.scope import Scope
from events.v1.stream_pb2 import StreamRequest, StreamResponse
from tests.live.broadcasting import settled
from tests.live.subjects import row

ANN, BOB = 1, 2


@pytest.mark.parametrize("is_away", [False, True])
async def test_what_was_erased_meanwhile_is_not_sent(
    is_away: bool, engine: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was, however long after DeleteUser had returned."""
    monkeypatch.setattr(broadcasting, "_ASKED_AGAIN_SECONDS", 0)
    erased: dict[int, int] = {}

    async def erasures(_: str, owns: Collection[int]) -> dict[int, int]:
        if erased and is_away:
            raise UnavailableError("the engine is away", reason="ENGINE_UNAVAILABLE")
        return {own: until for own, until in erased.items() if own in owns}

    broadcast = Broadcast(lambda _: 0, most_of_project=1, erasures=erasures)
    scope = Scope(project=Project(id="p"), now=datetime.now(UTC), watermark=None, query_id="q")
    messages = stream(StreamRequest(), scope, engine, broadcast)
    await anext(messages)
    people = [ANN] * MOST_AT_ONCE + [ANN, BOB, ANN]
    rows = [row(str(at), person=person) for at, person in enumerate(people)]
    broadcast.publish(Committed(project_id="p", rows=rows, received_ms=5))
    await settled(broadcast)

    before = await anext(messages)
    erased[ANN] = 10
    after = await anext(messages)
    await messages.aclose()

    assert before is not None
    assert len(before.events) == MOST_AT_ONCE
    assert _told(after) == ((3, []) if is_away else (0, ["101"]))


def _told(message: StreamResponse | None) -> tuple[int, list[str]]:
    assert message is not None
    assert message.watermark.ToMilliseconds() == 5
    return int(message.gap.missed), [event.event_id for event in message.events]
