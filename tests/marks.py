"""How far rollups are gathered, in an engine whose writers have times of their own.

Events arrive later than all before, so what is gathered up to a mark stays complete. Tests break that: each
writer that they open has its own idea of now.
"""

from datetime import UTC, datetime

import pyarrow as pa

from eventglass.engine.layout import FIRST_TIME
from eventglass.engine.pool import Pool
from eventglass.ingest.counts_mark import Mark, tell
from eventglass.ingest.rollups import ROLLUPS
from eventglass.sql.statement import Statement

NOTHING = Mark(edition=0, until_ms=FIRST_TIME, calls=(), erasures={})


async def forget(engine: Pool) -> None:
    """Have questions ask all events themselves again, whatever is gathered."""
    never = pa.array([datetime(1900, 1, 1, tzinfo=UTC)], pa.timestamp("ms", tz="UTC"))
    for table in ("event_hours_until", "event_hours", "property_hours"):
        await engine.alter(Statement(text=f"ALTER TABLE {table} DROP PARTITION ALL"))
    await tell(engine, NOTHING)
    for rollup in ROLLUPS:
        await engine.alter(Statement(text=f"ALTER TABLE {rollup.table}_until DROP PARTITION tuple()"))
        await engine.insert(f"{rollup.table}_until", pa.table({"until": never}))
