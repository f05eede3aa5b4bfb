"""Until when arrivals are in which rollup (rollups.py): a mark for each table."""

from collections.abc import Mapping

import pyarrow as pa

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.planning.rollups import REPEATABLE
from eventglass.sql.statement import Statement


async def mark(engine: Pool, table: str) -> int:
    """Give the arrival before which events are in a table, in milliseconds since 1970."""
    text = f"SELECT toUnixTimestamp64Milli(max(until)) FROM {table}_until"
    return int((await engine.look_up(Statement(text=text, columns=1), Limits())).columns[0][0])


async def move_mark(engine: Pool, table: str, until_ms: int) -> None:
    """Have a table's rows count for what arrived before an instant, in milliseconds since 1970."""
    if await mark(engine, table) < until_ms:
        until = pa.array([until_ms], pa.int64()).cast(pa.timestamp("ms", tz="UTC"))
        await engine.insert(f"{table}_until", pa.table({"until": until}))


async def open_marks(engine: Pool) -> "Marks":
    """Find the marks of an engine; raises EventglassError as the engine does."""
    marks = Marks(engine)
    await marks.renew()
    return marks


class Marks:
    """The marks, as far as this server knows: none is behind what it says. Make it with `open_marks`."""

    def __init__(self, engine: Pool) -> None:
        self._engine = engine
        self._until_ms: dict[str, int] = {}

    async def renew(self) -> None:
        """Take note of marks that were moved; raises EventglassError as the engine does."""
        for table in REPEATABLE:
            self._until_ms[table] = await mark(self._engine, table)

    def told(self) -> Mapping[str, int]:
        """Give the mark of each table, in milliseconds since 1970."""
        return self._until_ms.copy()
