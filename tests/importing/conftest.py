import json
from pathlib import Path

import pytest

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.ingest.importer import Summary, import_file
from eventglass.ingest.mapping import Mapping
from eventglass.ingest.writer import Writer
from eventglass.sql.statement import Statement
from tests.importing.files import NOW, SIMPLE, Load, Properties, Stored, Write


@pytest.fixture
def load(writer: Writer, project_id: str) -> Load:
    async def into_the_project(path: Path, mapping: Mapping = SIMPLE) -> Summary:
        return await import_file(path, mapping, project_id=project_id, writer=writer, now=NOW)

    return into_the_project


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return to


@pytest.fixture
def stored(engine: Pool, project_id: str) -> Stored:
    async def of_the_project(columns: str = "properties::String") -> list[tuple[object, ...]]:
        text = f"SELECT {columns} FROM events WHERE project_id = {{project:String}} ORDER BY time, event_id"
        statement = Statement(text=text, parameters={"project": project_id})
        return list(zip(*(await engine.query(statement, Limits())).columns, strict=True))

    return of_the_project


@pytest.fixture
def properties(stored: Stored) -> Properties:
    async def of_the_project() -> list[dict[str, object]]:
        return [json.loads(str(text)) for (text,) in await stored()]

    return of_the_project
