"""Files to import, and what becomes of them."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.ingest.importer import Summary
from eventglass.ingest.mapping import Mapping
from eventglass.sql.statement import Statement

NOW = datetime(2026, 5, 1, tzinfo=UTC)


Write = Callable[[str, str], Path]


class Load(Protocol):
    def __call__(self, path: Path, mapping: Mapping = ..., /) -> Awaitable[Summary]: ...


SIMPLE = Mapping(timestamp="at", name="visit", user_id="who")


async def stored(
    engine: Pool, project_id: str, columns: str = "properties::String"
) -> list[tuple[object, ...]]:
    statement = Statement(
        text=f"SELECT {columns} FROM events WHERE project_id = {{project:String}} ORDER BY time, event_id",
        parameters={"project": project_id},
    )
    return list(zip(*(await engine.query(statement, Limits())).columns, strict=True))


async def properties(engine: Pool, project_id: str) -> list[dict[str, object]]:
    return [json.loads(str(text)) for (text,) in await stored(engine, project_id)]
