"""A seeded world of events on disk: made once in a folder, and kept there.

All layouts hold the same rows; the files of layouts/ make them.
"""

import asyncio
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import clickhouse_connect
from clickhouse_connect.driver.client import Client

from eventglass.engine.embedded import files_of, open_embedded
from eventglass.engine.promoted import promote
from eventglass.engine.settings import EngineSettings, client_settings
from eventglass.ingest.commit import newest_arrival
from eventglass.ingest.rollups import gather

# A Monday.
START, DAYS = datetime(2025, 5, 5, tzinfo=UTC), 98

_FOLDER = Path(__file__).parent / "layouts"
_EVENTS_OF_VISITOR = 60
# What the service has of events, and all else that it is compared with. All are filled from `made`.
SERVICE = ("events", "event_hashes")
LAYOUTS = (*SERVICE, "peer_events", "peer_daily", "parquet")
# What the shop's people ask for often has columns of its own.
PROMOTED = frozenset({"$device", "$geo.country", "amount", "coupon", "plan"})
# What a server of a world is told by its environment.
ENVIRONMENT = {"EVENTGLASS_PROMOTED_PROPERTIES": ",".join(sorted(PROMOTED))}
# In a world's folder: its size, which layouts it has, and the SQL that made them.
_RECORD = "made.json"
# Far from what any statement here takes; a server's own are for callers who wait.
_LIMITS = EngineSettings(max_insert_seconds=36_000.0, max_memory_bytes=16 * 2**30)


def make_world(folder: Path, events: int, layouts: Sequence[str] = LAYOUTS) -> None:
    """Make what a folder lacks of a world: about 20 seconds for each million events.

    Args:
        folder: where it is kept.
        events: how many it has.
        layouts: those that are needed; a later call makes others.

    Raises:
        FileExistsError: the folder has another world.
    """
    recipe = {"size": str(events), **{name: _sql(name) for name in ("made", *LAYOUTS)}}
    record = folder / _RECORD
    there = json.loads(record.read_text("utf-8")) if record.exists() else {}
    if there.items() - recipe.items() or (not there and folder.exists() and any(folder.iterdir())):
        raise FileExistsError(f"{folder} has another world: remove it, or name another folder")
    lacking = [name for name in layouts if name not in there]
    if not lacking:
        return
    folder.mkdir(parents=True, exist_ok=True)
    there = there or {name: recipe[name] for name in ("size", "made")}
    record.write_text(json.dumps(there), "utf-8")
    parameters = {
        "events": events,
        "visitors": max(1000, events // _EVENTS_OF_VISITOR),
        "start": int(START.timestamp() * 1000),
        "days": DAYS,
        "parquet": str(parquet_of(folder)),
    }
    asyncio.run(open_embedded(folder).close())  # makes the service's tables
    with bare_client(folder) as client:
        _run(client, recipe["made"], parameters)
        for name in lacking:
            began = time.monotonic()
            _run(client, recipe[name], parameters)
            there[name] = recipe[name]
            record.write_text(json.dumps(there), "utf-8")
            print(f"made {name} in {time.monotonic() - began:.0f} s", flush=True)
        client.command("DROP TABLE made SYNC")


def settle_in(folder: Path) -> None:
    """Do what a server does in the ten minutes after events came."""
    asyncio.run(_settle_in(folder))


async def _settle_in(folder: Path) -> None:
    engine = open_embedded(folder)
    await promote(engine, PROMOTED, drop_others=True)
    await gather(engine, until_ms=await newest_arrival(engine) + 1)
    await engine.close()


def parquet_of(folder: Path) -> Path:
    """Say where a world's Parquet file is."""
    return folder.absolute() / "events.parquet"


@contextmanager
def bare_client(folder: Path) -> Iterator[Client]:
    """Open a client of a world's engine, for one statement at a time, within the block."""
    path = str(files_of(folder))
    with closing(
        clickhouse_connect.get_client(interface="chdb", path=path, settings=client_settings(_LIMITS))
    ) as client:
        yield client


def _sql(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text("utf-8")


def _run(client: Client, statements: str, parameters: Mapping[str, object]) -> None:
    for statement in filter(str.strip, statements.split(";\n")):
        client.command(statement, parameters=dict(parameters))
