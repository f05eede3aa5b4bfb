from pathlib import Path

import pytest

from eventglass.ingest.importer import Summary, import_file
from eventglass.ingest.mapping import Mapping
from eventglass.ingest.writer import Writer
from tests.importing.files import NOW, SIMPLE, Load, Write


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
