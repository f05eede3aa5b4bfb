"""The composition root: the methods, put together on an open backend and served on both ports."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from dataclasses import replace
from datetime import datetime

from eventglass import pipeline
from eventglass.backend import Backend
from eventglass.engine.memory import Memory
from eventglass.engine.promoted import promote, promoted
from eventglass.ingest.countries import open_countries
from eventglass.ingest.rollups import gathering
from eventglass.ingest.sender import UNKNOWN, Sender
from eventglass.ingest.times import milliseconds
from eventglass.ingest.user_agents import described
from eventglass.live.broadcast import Broadcast
from eventglass.settings import Settings
from eventglass.spec.validation import violations_of_request
from eventglass.transport import browsers
from eventglass.transport.access import Grants
from eventglass.transport.audiences_service import audiences_service
from eventglass.transport.bodies import Bodies
from eventglass.transport.call import AnyMethod, Call
from eventglass.transport.connect_front import ConnectApp
from eventglass.transport.cors import granted_as
from eventglass.transport.events_service import events_service
from eventglass.transport.grpc_front import add_health, grpc_server
from eventglass.transport.guard import Guard
from eventglass.transport.http_app import http_app
from eventglass.transport.ports import Ports, listen
from eventglass.transport.profiles_service import profiles_sdk_service, profiles_service
from eventglass.transport.query_service import insights_service
from eventglass.transport.sender import Proxies, senders

_MIB = 2**20
# Requests that run are together as large as so many of the largest.
_REQUESTS = 2
# And those that have not come whole.
_REQUESTS_ON_THEIR_WAY = 16
# Calls beyond the guard's bound are told so; beyond this many times that, connections are refused.
_FENCE = 4


@contextlib.asynccontextmanager
async def serving(backend: Backend, settings: Settings) -> AsyncIterator[Ports]:
    """Serve a backend on both ports within the block."""
    await promote(backend.engine, settings.promoted_properties, drop_others=not backend.is_shared)
    backend = replace(backend, promoted=await promoted(backend.engine))
    broadcast = Broadcast(
        lambda project_id: _milliseconds(backend.writer.watermark(project_id)),
        most_of_project=settings.max_streams_of_project,
        erasures=backend.erased_until,
    )
    sender_of = await asyncio.to_thread(_senders, settings)
    methods = [
        *insights_service(
            answer=pipeline.answer,
            rules=violations_of_request,
            engine=backend.engine,
            memory=_memory(backend, settings),
            scope=backend.scope,
            audience=backend.audiences.tree,
        ),
        *audiences_service(audiences=backend.audiences, engine=backend.engine, scope=backend.scope),
        *events_service(
            writer=backend.writer,
            engine=backend.engine,
            scope=backend.scope,
            broadcast=broadcast,
            sender_of=sender_of,
        ),
        *profiles_sdk_service(backend.register),
        *profiles_service(register=backend.register, engine=backend.engine, scope=backend.scope),
    ]

    async def end_streams() -> None:
        # First they are sent what was acknowledged.
        await backend.writer.shown()
        broadcast.end()

    with backend.writer.told(broadcast.publish):
        async with (
            gathering(
                backend.engine, backend.counts, backend.marks, stored_until_ms=backend.writer.stored_until_ms
            ),
            running(
                methods,
                grants=backend.catalog,
                ready=backend.ping,
                stopping=end_streams,
                settings=settings,
            ) as ports,
        ):
            yield ports


def _memory(backend: Backend, settings: Settings) -> Memory | None:
    # Other servers may write to the same ClickHouse, and nobody would tell this one.
    if settings.clickhouse_dsn:
        return None

    def revision(project_id: str) -> Hashable:
        return backend.writer.watermark(project_id), backend.register.people(project_id)

    return Memory(backend.engine, revision, most_bytes=settings.cache_mib * _MIB)


def _milliseconds(watermark: datetime | None) -> int:
    return milliseconds(watermark) if watermark else 0


def _senders(settings: Settings) -> Callable[[Call], Sender]:
    described("")  # reads its rules, which takes a moment
    proxies = Proxies(networks=settings.trusted_proxies, country_header=settings.country_header)
    country_of = open_countries(settings.geo_file) if settings.geo_file else UNKNOWN.country_of
    return senders(proxies, country_of)


@contextlib.asynccontextmanager
async def running(
    methods: Sequence[AnyMethod],
    *,
    grants: Grants,
    ready: Callable[[], Awaitable[None]],
    stopping: Callable[[], Awaitable[None]] | None = None,
    settings: Settings,
) -> AsyncIterator[Ports]:
    """Serve methods on both ports within the block.

    Args:
        methods: what can be called.
        grants: knows the credentials.
        ready: returns when the server can answer, else raises EventglassError.
        stopping: called when the block is left, to end calls that would not end by themselves.
        settings: where to listen, and the limits.
    """
    most_bytes = settings.max_request_mib * _MIB
    guard = _guard(grants, settings, most_bytes)
    fence = (settings.max_calls + settings.max_streams) * _FENCE
    rpc = grpc_server(methods, guard, most_bytes=most_bytes, most_calls=fence)
    stop_health = await add_health(rpc, methods)
    connect = ConnectApp(methods, guard, most_bytes=most_bytes)
    public = browsers.beacons(methods, guard, most_bytes=most_bytes)
    http = http_app(
        connect,
        rpc_methods=connect.methods,
        ready=ready,
        origins=settings.cors_origins,
        known=browsers.streams(methods, guard),
        public=public,
    )
    ports = Ports(host=settings.host, http=settings.http_port, grpc=settings.grpc_port)

    async def stop() -> None:
        await stop_health()
        if stopping is not None:
            await stopping()

    async with listen(
        Bodies(most_bytes=_REQUESTS_ON_THEIR_WAY * most_bytes).bounded(http),
        rpc,
        stop,
        ports=ports,
        grace_seconds=settings.grace_seconds,
        most_calls=fence,
        readable=granted_as(settings.cors_origins, public),
    ) as taken:
        yield taken


def _guard(grants: Grants, settings: Settings, most_bytes: int) -> Guard:
    return Guard(
        grants=grants,
        most_calls=settings.max_calls,
        most_streams=settings.max_streams,
        most_bytes=_REQUESTS * most_bytes,
    )
