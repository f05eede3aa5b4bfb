"""The engine as it is asked by those who store: what they look up waits for no query of a caller."""

from dataclasses import dataclass

import pyarrow as pa

from eventglass.engine.engine import Limits, Rows
from eventglass.engine.pool import Pool
from eventglass.sql.statement import Statement


@dataclass(frozen=True, slots=True)
class Storing:
    """An `Engine` with the clients of a pool that are kept for storing."""

    _pool: Pool

    async def query(self, statement: Statement, limits: Limits) -> Rows:
        """Run one SELECT, beside those of callers. See `Engine`."""
        return await self._pool.look_up(statement, limits)

    async def insert(self, table: str, rows: pa.Table) -> None:
        """Append rows. See `Engine`."""
        await self._pool.insert(table, rows)

    async def settle_inserts(self) -> None:
        """Return when nothing of inserts that failed goes on. See `Engine`."""
        await self._pool.settle_inserts()
