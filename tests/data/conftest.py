"""Each data set as a project: imported once, and asked both ways."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest_asyncio
from google.protobuf.json_format import ParseDict

from eventglass.catalog.project import Project
from eventglass.engine.pool import Pool
from eventglass.ingest.importer import Summary, import_file
from eventglass.ingest.writer import Writer
from eventglass.pipeline import answer
from eventglass.planning.scope import Scope
from insights.v1.query_service_pb2 import QueryRequest, QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec
from tests.data.files import CDNOW, NOW, SHOP, DataSet
from tests.oracle import answer as oracle
from tests.oracle.compare import differences
from tests.oracle.history import StoredEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A data set in the engine, and the same events as the oracle has them."""

    project: Project
    summary: Summary
    again: Summary
    events: list[StoredEvent]
    engine: Pool
    writer: Writer

    async def ask(self, spec: dict[str, object]) -> QueryResponse:
        """Answer a spec in JSON through the pipeline, and check that the oracle agrees."""
        query = ParseDict(spec, QuerySpec())
        watermark = self.writer.watermark(self.project.id)
        scope = Scope(project=self.project, now=NOW, watermark=watermark, query_id="test")
        response = await answer(QueryRequest(query=query), scope, self.engine, None)
        assert differences(oracle.answer(query, self.events, now=NOW), response) == []
        return response


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shop(engine: Pool, writer: Writer) -> AsyncIterator[Imported]:
    yield await _imported("data-shop", SHOP, engine, writer)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def cdnow(engine: Pool, writer: Writer) -> AsyncIterator[Imported]:
    yield await _imported("data-cdnow", CDNOW, engine, writer)


async def _imported(project_id: str, data: DataSet, engine: Pool, writer: Writer) -> Imported:
    async def once() -> Summary:
        return await import_file(data.path, data.columns, project_id=project_id, writer=writer, now=NOW)

    return Imported(
        project=Project(id=project_id),
        summary=await once(),
        again=await once(),
        events=data.read(),
        engine=engine,
        writer=writer,
    )
