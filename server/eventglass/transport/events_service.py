"""events.v1.EventsService: unwrap, write, list, count or watch, wrap."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Protocol

from eventglass.catalog.project import Grant, Project
from eventglass.engine.engine import Engine
from eventglass.ingest.accept import Sent
from eventglass.ingest.sender import Sender
from eventglass.live.broadcast import Broadcast
from eventglass.live.log import list_events
from eventglass.live.snapshot import snapshot as live_snapshot
from eventglass.live.stream import stream as live_stream
from eventglass.planning.scope import ScopeOf
from eventglass.spec.live import violations_of_list, violations_of_snapshot, violations_of_stream
from eventglass.transport.call import AnyMethod, Call, Reply, method, streaming, taking
from eventglass.transport.decoding import Encoding
from eventglass.transport.plain_batch import SentBatch
from eventglass.transport.sent_batch import read_batch
from events.v1 import events_service_pb2
from events.v1.events_service_pb2 import BatchCreateResponse
from events.v1.list_pb2 import ListRequest
from events.v1.snapshot_pb2 import SnapshotRequest
from events.v1.stream_pb2 import StreamRequest

_SERVICE = events_service_pb2.DESCRIPTOR.services_by_name["EventsService"]


class Writes(Protocol):
    """Where events go."""

    def check_room(self) -> None:
        """Raise EventglassError when too many wait already: before a batch is read, which takes longest."""
        ...

    async def take(
        self,
        project_id: str,
        events: Sequence[Sent],
        *,
        now: datetime,
        sent_at: datetime | None,
        sender: Sender,
    ) -> Awaitable[BatchCreateResponse]:
        """Decide on a batch, and give what stores it; both raise EventglassError."""
        ...


def events_service(
    *,
    writer: Writes,
    engine: Engine,
    scope: ScopeOf,
    broadcast: Broadcast,
    sender_of: Callable[[Call], Sender],
) -> list[AnyMethod]:
    """Make the service's methods.

    Args:
        writer: where events go.
        engine: where they are.
        scope: makes the circumstances of a question about a project, by the question's id.
        broadcast: where new ones come from.
        sender_of: tells what a call says of who sent it.
    """
    return [*_taking_in(writer, sender_of), *_telling(engine, scope, broadcast)]


def _taking_in(writer: Writes, sender_of: Callable[[Call], Sender]) -> list[AnyMethod]:
    async def batch_create(batch: SentBatch, call: Call, grant: Grant) -> Awaitable[Reply]:
        storing = await writer.take(
            grant.project.id,
            batch.events,
            now=datetime.now(UTC),
            sent_at=batch.sent_at,
            sender=sender_of(call),
        )
        return _stored(storing)

    descriptor = _SERVICE.methods_by_name["BatchCreate"]
    return [taking(descriptor, _read_batch, batch_create, admit=writer.check_room)]


def _read_batch(data: bytes, encoding: Encoding, _project: Project) -> SentBatch:
    return read_batch(data, encoding)


async def _stored(storing: Awaitable[BatchCreateResponse]) -> Reply:
    response = await storing
    return Reply(message=response, rows=response.events_created)


def _telling(engine: Engine, scope: ScopeOf, broadcast: Broadcast) -> list[AnyMethod]:
    async def list_(request: ListRequest, call: Call, grant: Grant) -> Reply:
        asked = await scope(grant.project, call.request_id)
        response = await list_events(request, asked, engine, call.remaining())
        return Reply(message=response, rows=len(response.events))

    async def snapshot(request: SnapshotRequest, call: Call, grant: Grant) -> Reply:
        asked = await scope(grant.project, call.request_id)
        response = await live_snapshot(request, asked, engine, call.remaining())
        return Reply(message=response, rows=int(response.events))

    async def stream(request: StreamRequest, call: Call, grant: Grant) -> AsyncGenerator[Reply | None]:
        asked = await scope(grant.project, call.request_id)
        async with aclosing(live_stream(request, asked, engine, broadcast)) as messages:
            async for message in messages:
                yield None if message is None else Reply(message=message, rows=len(message.events))

    named = _SERVICE.methods_by_name
    return [
        method(named["List"], ListRequest, list_, rules=violations_of_list),
        method(named["Snapshot"], SnapshotRequest, snapshot, rules=violations_of_snapshot),
        streaming(named["Stream"], StreamRequest, stream, rules=violations_of_stream),
    ]
