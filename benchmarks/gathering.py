"""What gathering rollups adds to storing events.

    python -m benchmarks.gathering [events a minute] [minutes]

Stores the same events, with all their properties promoted, in engines of their own, in turns with and without
gathering after every "minute" of them, each in a process of its own. The processor time is that of the whole
process until its merges are done, without the time that it takes to make the events up.
"""

import asyncio
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from eventglass.engine.embedded import open_embedded
from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.engine.promoted import promote
from eventglass.ingest.commit import newest_arrival
from eventglass.ingest.rollups import ROLLUPS, gather
from eventglass.ingest.writer import open_writer
from eventglass.sql.statement import Statement
from events.v1.event_pb2 import Event

_ROUNDS = 3
_BATCH = 1_000
_NAMES, _PERSONS, _OF_A_VISIT = 40.0, 20_000, 8
# Of 500 values, of one, and of as many as there are events.
_PROMOTED = ("page", "plan", "amount")
_START = datetime(2026, 5, 4, tzinfo=UTC)

_MERGES = Statement(text="SELECT count() FROM system.merges", columns=1)
_BYTES = """SELECT sum(bytes_on_disk) FROM system.parts
WHERE active AND database = currentDatabase() AND table IN {tables:Array(String)}"""


def main() -> None:
    """Print the figures of one run."""
    per_minute = int(sys.argv[1]) if len(sys.argv) > 1 else 60_000
    minutes = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    spent: dict[bool, list[float]] = {False: [], True: []}
    size = 0.0
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as processes:
        for _ in range(_ROUNDS):
            for gathers in (False, True):
                seconds, size = processes.apply(_measure, (per_minute, minutes, gathers))
                spent[gathers].append(seconds)
    events = per_minute * minutes
    without, with_rollups = (statistics.median(spent[each]) / events * 1e6 for each in (False, True))
    print(f"{events:,} events, gathered every {per_minute:,}; medians of {_ROUNDS}")
    print(f"processor time for an event: without rollups {without:.2f} µs, with {with_rollups:.2f} µs")
    print(f"ratio {with_rollups / without:.3f}; bytes of rollups for an event {size / events:.1f}")


def _measure(per_minute: int, minutes: int, gathers: bool) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_store(Path(folder), per_minute, minutes, gathers=gathers))


async def _store(folder: Path, per_minute: int, minutes: int, *, gathers: bool) -> tuple[float, float]:
    """Give the seconds of processor time, and the bytes of rollups."""
    engine = open_embedded(folder)
    await promote(engine, _PROMOTED, drop_others=True)
    writer = await open_writer(engine)
    made_up = 0.0
    began = time.process_time()
    for minute in range(minutes):
        before = time.thread_time()
        batches = list(_events(minute, per_minute))
        made_up += time.thread_time() - before
        now = _START + timedelta(days=minute + 1)
        for batch in batches:
            await writer.write("p", batch, now=now, sent_at=None)
        if gathers:
            await gather(engine, until_ms=await newest_arrival(engine) + 1)
    await _settle(engine)
    spent = time.process_time() - began - made_up
    size = await _size(engine)
    await writer.close()
    await engine.close()
    return spent, size


async def _settle(engine: Pool) -> None:
    """Wait until nothing is merged."""
    while True:
        await asyncio.sleep(0.1)
        if not (await engine.query(_MERGES, Limits())).columns[0][0]:
            return


async def _size(engine: Pool) -> float:
    tables = (*(each.table for each in ROLLUPS), "long_sessions", "event_hours", "property_hours")
    found = await engine.query(Statement(text=_BYTES, parameters={"tables": tables}, columns=1), Limits())
    return float(found.columns[0][0])


def _events(minute: int, number: int) -> Iterator[list[Event]]:
    """Make up batches: visits of some events each, persons and names that are not equally frequent."""
    draw = random.Random(minute)
    for first in range(0, number, _BATCH):
        batch = []
        for place in range(first, first + _BATCH):
            if place % _OF_A_VISIT == 0:
                visitor = int(draw.random() ** 2 * _PERSONS)
                began = _START + timedelta(days=minute, seconds=draw.random() * 80_000)
            event = Event(
                name=f"event {int(_NAMES ** draw.random())}",
                user_id=f"user {visitor}",
                session_id=f"{minute} {place // _OF_A_VISIT}",
            )
            event.timestamp.FromDatetime(began + timedelta(seconds=60 * (place % _OF_A_VISIT)))
            event.properties.update(
                {"page": f"/{draw.randrange(500)}", "plan": "pro", "amount": draw.random()}
            )
            batch.append(event)
        yield batch


if __name__ == "__main__":
    main()
