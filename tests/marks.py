"""How far the days of sessions are noted, in an engine whose writers have times of their own.

Events arrive later than all before, so what is noted up to a mark stays complete. Tests break that: each
writer that they open has its own idea of now.
"""

from datetime import UTC, datetime

import pyarrow as pa

from eventglass.engine.pool import Pool
from eventglass.sql.statement import Statement


async def forget(engine: Pool) -> None:
    """Have questions ask all events themselves again, whatever is noted."""
    await engine.alter(Statement(text="ALTER TABLE session_days_until DROP PARTITION tuple()"))
    never = pa.array([datetime(1900, 1, 1, tzinfo=UTC)], pa.timestamp("ms", tz="UTC"))
    await engine.insert("session_days_until", pa.table({"until": never}))
