"""Ask the engine something short."""

from typing import Any

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.sql.statement import Statement


async def ask(engine: Pool, text: str, limits: Limits | None = None, **parameters: object) -> list[Any]:
    rows = await engine.query(Statement(text=text, parameters=parameters), limits or Limits())
    return list(rows.columns)
