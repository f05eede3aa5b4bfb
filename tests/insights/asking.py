"""Short builders for hand-made questions to the engine. Times: milliseconds from noon of 1 May 2026, UTC."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.json_format import ParseDict

from eventglass.catalog.project import Project
from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from eventglass.pipeline import answer
from eventglass.planning.scope import Scope
from events.v1.event_pb2 import Event
from insights.v1.breakdown_pb2 import DimensionValue
from insights.v1.query_service_pb2 import QueryRequest, QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec

NOW = datetime(2026, 7, 1, tzinfo=UTC)
_NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
# No event arrives later: whatever is gathered may lack some.
_LAST = datetime(2200, 1, 1, tzinfo=UTC)
_BATCH = 1_000
# Values of a property, in the order of 6.4; the first is missing.
IN_ORDER: list[object] = ["", False, True, -1e300, -2.5, -0.0, 1e-7, 9, 10, 1e300]
IN_ORDER += ["\0", "\0\x01", "\x01", "10", "9", "[1]", "a", "a\0", "ab", "é", "😀"]


def did(name: str, at: int, *, user: str = "anna", **properties: object) -> Event:
    """Something that one person did."""
    event = ParseDict({"name": name, "userId": user, "properties": properties}, Event())
    event.timestamp.FromDatetime(_NOON + timedelta(milliseconds=at))
    return event


async def store(writer: Writer, project_id: str, events: Sequence[Event]) -> None:
    """Put events into a project."""
    for first in range(0, len(events), _BATCH):
        batch = events[first : first + _BATCH]
        reply = await writer.write(project_id, batch, now=NOW, sent_at=None)
        assert reply.events_created == len(batch)


async def ask(engine: Engine, project_id: str, spec: Mapping[str, object], **scope_of: Any) -> QueryResponse:
    """Ask a spec given as JSON; the range defaults to 1 May 2026 in UTC. `scope_of`: of a Scope."""
    whole = {"timeRange": {"start": "2026-05-01T00:00:00Z", "end": "2026-05-02T00:00:00Z"}, **spec}
    known = {"now": NOW, "watermark": _LAST, "query_id": "test", **scope_of}
    scope = Scope(project=Project(id=project_id), **known)
    return await answer(QueryRequest(query=ParseDict(whole, QuerySpec())), scope, engine, None)


def value_of(of: DimensionValue) -> object:
    """Read a value of a breakdown; "" where it is missing."""
    return getattr(of, of.WhichOneof("value") or "text")
