"""A real server, projects of one's own in it, and streams of each protocol."""

import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from connectrpc.compat import google_protobuf_binary_codec, google_protobuf_json_codec
from connectrpc.errors import ConnectError
from connectrpc.protocol import ProtocolType

from eventglass.catalog.catalog import Catalog
from eventglass.catalog.project import Access, Project
from eventglass.transport.ports import Ports
from events.v1.event_pb2 import Event
from events.v1.events_service_connect import EventsServiceClient
from events.v1.events_service_pb2 import BatchCreateRequest, BatchCreateResponse
from events.v1.events_service_pb2_grpc import EventsServiceStub
from events.v1.list_pb2 import ListRequest, ListResponse
from events.v1.stored_event_pb2 import StoredEvent
from events.v1.stream_pb2 import StreamRequest, StreamResponse
from tests.live import server_sent
from tests.live.server_sent import url_of
from tests.wire.callers import Outcome, grpc_outcome, unpacked

EVERYTHING = frozenset({Access.READ, Access.WRITE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """A project of a server, and a key for it.

    Args:
        project: its id.
        key_id: names the key.
        headers: of calls with it.
    """

    ports: Ports
    project: str
    key_id: str
    headers: Mapping[str, str]

    async def send(self, *events: Event) -> BatchCreateResponse:
        """Store a batch by gRPC."""
        async with grpc.aio.insecure_channel(f"127.0.0.1:{self.ports.grpc}") as channel:
            create = EventsServiceStub(channel).BatchCreate  # type: ignore[no-untyped-call]
            reply: BatchCreateResponse = await create(
                BatchCreateRequest(events=events), metadata=tuple(self.headers.items())
            )
        return reply

    async def list(self, request: ListRequest) -> ListResponse:
        """List stored events by gRPC."""
        async with grpc.aio.insecure_channel(f"127.0.0.1:{self.ports.grpc}") as channel:
            list_ = EventsServiceStub(channel).List  # type: ignore[no-untyped-call]
            try:
                reply: ListResponse = await list_(request, metadata=tuple(self.headers.items()))
            except grpc.aio.AioRpcError as error:
                raise EndedError(grpc_outcome(error)) from None
        return reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server that runs in this process."""

    ports: Ports
    catalog: Catalog

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports.http}"

    def tenant(self, access: frozenset[Access] = EVERYTHING, project: str = "") -> Tenant:
        """Make a project (unless one is named) and a key for it."""
        if not project:
            project = f"p-{uuid.uuid4().hex}"
            self.catalog.create_project(Project(id=project))
        key, secret = self.catalog.create_key(project, access)
        headers = {"authorization": f"Bearer {secret}", "x-project-id": project}
        return Tenant(ports=self.ports, project=project, key_id=key.id, headers=headers)


class EndedError(Exception):
    """A call or stream ended with an error."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome


Messages = AsyncIterator[StreamResponse]
_Opened = AsyncGenerator[StreamResponse]
_Open = Callable[[Tenant, StreamRequest, float | None], _Opened]
Watch = Callable[[Tenant, StreamRequest, float | None], AbstractAsyncContextManager[Messages]]


async def _by_grpc(
    tenant: Tenant, request: StreamRequest, seconds: float | None
) -> AsyncGenerator[StreamResponse]:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{tenant.ports.grpc}") as channel:
        call = EventsServiceStub(channel).Stream(  # type: ignore[no-untyped-call]
            request, metadata=tuple(tenant.headers.items()), timeout=seconds
        )
        try:
            async for message in call:
                yield message
        except grpc.aio.AioRpcError as error:
            raise EndedError(grpc_outcome(error)) from None
        finally:
            call.cancel()


def _by_connect(
    protocol: ProtocolType, *, json: bool = False
) -> Callable[..., AsyncGenerator[StreamResponse]]:
    codec = google_protobuf_json_codec() if json else google_protobuf_binary_codec()

    async def messages(tenant: Tenant, request: StreamRequest, seconds: float | None) -> _Opened:
        milliseconds = None if seconds is None else round(seconds * 1_000)
        address = f"http://127.0.0.1:{tenant.ports.http}"
        async with EventsServiceClient(address, protocol=protocol, codec=codec) as client:
            replies: Any = client.stream(request, headers=tenant.headers, timeout_ms=milliseconds)
            try:
                async with aclosing(replies):
                    async for message in replies:
                        yield message
            except ConnectError as error:
                details = [unpacked(each.type_name, each.message_bytes) for each in error.details]
                raise EndedError(
                    Outcome(code=error.code.name, message=error.message, details=tuple(details))
                ) from None

    return messages


async def _by_event_source(
    tenant: Tenant, request: StreamRequest, seconds: float | None
) -> AsyncGenerator[StreamResponse]:
    assert seconds is None, "an EventSource has no deadlines"
    async with aclosing(server_sent.messages(url_of(tenant.ports, tenant.headers, request))) as messages:
        async for message in messages:
            if isinstance(message, Outcome):
                raise EndedError(message)
            yield message


def _watch(by: _Open) -> Watch:
    @asynccontextmanager
    async def watch(
        tenant: Tenant, request: StreamRequest, seconds: float | None = None
    ) -> AsyncIterator[Messages]:
        async with aclosing(by(tenant, request, seconds)) as messages:
            yield messages

    return watch


STREAMS: Mapping[str, Watch] = {
    "grpc": _watch(_by_grpc),
    "grpc-web": _watch(_by_connect(ProtocolType.GRPC_WEB)),
    "connect": _watch(_by_connect(ProtocolType.CONNECT)),
    "connect-json": _watch(_by_connect(ProtocolType.CONNECT, json=True)),
    "event-source": _watch(_by_event_source),
}


async def events_of(messages: Messages, number: int) -> list[StoredEvent]:
    """Take so many events off a stream, which must have no gap."""
    found: list[StoredEvent] = []
    while len(found) < number:
        message = await anext(messages)
        assert not message.HasField("gap")
        found.extend(message.events)
    return found


def named(*names: str) -> Sequence[Event]:
    """Events of these names."""
    return [Event(name=name) for name in names]
