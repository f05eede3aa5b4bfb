"""The composition root: everything that is opened, put together and closed again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from eventglass import pipeline
from eventglass.catalog.ask import ask
from eventglass.catalog.audiences import Audiences
from eventglass.catalog.catalog import Catalog, in_directory, open_catalog
from eventglass.catalog.project import Project
from eventglass.engine.clickhouse import open_clickhouse
from eventglass.engine.embedded import open_embedded
from eventglass.engine.memory import Memory
from eventglass.engine.pool import Pool
from eventglass.engine.promoted import promote, promoted
from eventglass.engine.room import keeping_room
from eventglass.engine.settings import EngineSettings
from eventglass.engine.storing import Storing
from eventglass.identity.erasures import erased_until
from eventglass.identity.register import Register, open_register
from eventglass.ingest.arrivals import Arrivals
from eventglass.ingest.countries import open_countries
from eventglass.ingest.event_hours import Counts, open_counts
from eventglass.ingest.journal import Journal
from eventglass.ingest.marks import Marks, open_marks
from eventglass.ingest.rollups import gathering
from eventglass.ingest.sender import UNKNOWN, Sender
from eventglass.ingest.times import milliseconds
from eventglass.ingest.user_agents import described
from eventglass.ingest.writer import Writer, open_writer
from eventglass.live.broadcast import Broadcast
from eventglass.planning.counted import Counted
from eventglass.planning.people import WHOEVER
from eventglass.planning.scope import Scope
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """What the server's methods stand on, open."""

    engine: Pool
    writer: Writer
    register: Register
    catalog: Catalog
    # Other servers may store in the same engine; then this tells what they did.
    is_shared: bool = False
    arrivals: Arrivals
    counts: Counts
    marks: Marks
    rollups: bool = True
    promoted: frozenset[str] = frozenset()

    @property
    def audiences(self) -> Audiences:
        """The audiences in the catalog."""
        return Audiences(self.catalog)

    async def scope(self, project: Project, query_id: str) -> Scope:
        """Say what a question that is asked now looks at; raises EventglassError as the engine does."""
        await self.writer.shown(project.id)
        watermark, people = self.writer.watermark(project.id), self.register.people(project.id)
        counted = self.counts.of(project.id, people.erasures)
        gathered = self.marks.told()
        if self.is_shared:
            # Another server, of another version, may gather all anew: each statement asks for the marks.
            people, gathered = WHOEVER, {}
            watermark, counted = await asyncio.gather(
                self.arrivals.newest(project.id, watermark), self._looked_up(project.id)
            )
        return Scope(
            project=project,
            now=datetime.now(UTC),
            watermark=watermark,
            query_id=query_id,
            people=people,
            rollups=self.rollups,
            promoted=self.promoted,
            counted=counted,
            gathered=gathered,
        )

    async def _looked_up(self, project_id: str) -> Counted | None:
        """Ask for what is gathered of counts, by whichever server, where it may be read."""
        return await self.counts.look_up(project_id) if self.rollups else None

    async def ping(self) -> None:
        """Return when calls can be answered; raises UnavailableError."""
        await self.engine.ping()
        await ask(self.catalog.ping)

    async def erased_until(self, project_id: str, owns: Collection[int]) -> Mapping[int, int]:
        """Say until when some ids were erased (see identity/erasures.py), also by other servers."""
        if not self.is_shared and not self.register.people(project_id).erased:
            return {}
        return await erased_until(self.engine, project_id, owns)


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Backend]:
    """Open the engine and all that stands on it, up to date; close it in the other order."""
    async with contextlib.AsyncExitStack() as stack:
        engine = _open_engine(settings)
        stack.push_async_callback(engine.close)
        if not settings.clickhouse_dsn:
            await stack.enter_async_context(keeping_room(settings.data_dir, engine.let_merge))
        catalog = open_catalog(settings.catalog_url or in_directory(settings.data_dir))
        stack.callback(catalog.close)
        storing = Storing(engine)
        # An engine elsewhere keeps what it has, whatever becomes of this machine and its journal.
        journal = None if settings.clickhouse_dsn else Journal(settings.data_dir / "journal")
        writer = await open_writer(storing, journal)
        stack.push_async_callback(writer.close)
        register = await open_register(storing, is_shared=bool(settings.clickhouse_dsn))
        stack.push_async_callback(register.close)
        yield Backend(
            engine=engine,
            writer=writer,
            register=register,
            catalog=catalog,
            is_shared=bool(settings.clickhouse_dsn),
            arrivals=Arrivals(engine),
            counts=await open_counts(engine),
            marks=await open_marks(engine),
            rollups=settings.rollups,
            promoted=await promoted(engine),
        )


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


def _open_engine(settings: Settings) -> Pool:
    limits = EngineSettings(
        clients=settings.pool_size,
        max_waiting=settings.max_waiting,
        max_seconds=settings.max_seconds,
        max_rows_read=settings.max_rows_read,
        max_memory_bytes=settings.max_memory_mib * _MIB,
    )
    if settings.clickhouse_dsn:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return open_clickhouse(settings.clickhouse_dsn, limits)
    return open_embedded(settings.data_dir, limits)


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
