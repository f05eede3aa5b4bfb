"""A server with the real engine, in the tests' own process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from eventglass import app
from eventglass.app import serving
from eventglass.backend import Backend
from eventglass.catalog.catalog import Catalog, open_catalog
from eventglass.catalog.project import Access, Project
from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.arrivals import Arrivals
from eventglass.ingest.event_hours import open_counts
from eventglass.ingest.marks import open_marks
from eventglass.ingest.writer import Writer
from eventglass.settings import Settings
from eventglass.transport.ports import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class InProcess:
    """A server that runs.

    Args:
        ports: where it listens.
        catalog: its projects and keys.
    """

    ports: Ports
    catalog: Catalog

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports.http}"

    def create_project(self, project_id: str) -> None:
        self.catalog.create_project(Project(id=project_id))

    def headers(self, project_id: str, *access: Access) -> dict[str, str]:
        """Make a key, and give the headers of calls with it."""
        _, secret = self.catalog.create_key(project_id, access)
        return {"authorization": f"Bearer {secret}", "x-project-id": project_id}


async def backend_of(engine: Pool, writer: Writer, register: Register, catalog: Catalog) -> Backend:
    """Put together what a server's methods stand on."""
    return Backend(
        engine=engine,
        writer=writer,
        register=register,
        catalog=catalog,
        arrivals=Arrivals(engine),
        counts=await open_counts(engine),
        marks=await open_marks(engine),
    )


@asynccontextmanager
async def serving_in_process(
    engine: Pool, writer: Writer, register: Register, folder: Path, **settings: Any
) -> AsyncIterator[InProcess]:
    """Serve on free ports within the block, with a catalog in a folder and some settings."""
    catalog = open_catalog(f"sqlite:///{folder / 'catalog.db'}")
    backend = await backend_of(engine, writer, register, catalog)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "gathering", _gathering_nothing)
        at_port = serving(backend, Settings(http_port=0, grpc_port=0, grace_seconds=1.0, **settings))
        async with at_port as ports:
            yield InProcess(ports=ports, catalog=catalog)
    catalog.close()


@asynccontextmanager
async def _gathering_nothing(*_: object, **_asked: object) -> AsyncIterator[None]:
    """Leave the marks of rollups where they are: in the same engine tests store what arrived long ago."""
    yield
