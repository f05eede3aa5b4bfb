"""What methods and commands stand on, opened and closed: the engine, the catalog, the writer."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from eventglass.catalog.ask import ask
from eventglass.catalog.audiences import Audiences
from eventglass.catalog.catalog import Catalog, in_directory, open_catalog
from eventglass.catalog.project import Project
from eventglass.engine.clickhouse import open_clickhouse
from eventglass.engine.embedded import open_embedded
from eventglass.engine.pool import Pool
from eventglass.engine.promoted import promoted
from eventglass.engine.room import keeping_room
from eventglass.engine.settings import EngineSettings
from eventglass.engine.storing import Storing
from eventglass.identity.erasures import erased_until
from eventglass.identity.register import Register, open_register
from eventglass.ingest.arrivals import Arrivals
from eventglass.ingest.event_hours import Counts, open_counts
from eventglass.ingest.journal import Journal
from eventglass.ingest.marks import Marks, open_marks
from eventglass.ingest.writer import Writer, open_writer
from eventglass.planning.counted import Counted
from eventglass.planning.people import WHOEVER
from eventglass.planning.scope import Scope
from eventglass.settings import Settings

_MIB = 2**20


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
