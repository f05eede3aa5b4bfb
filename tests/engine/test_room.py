"""On a full disk the engine would lose what it cannot write. In processes of their own."""

import asyncio
import shutil
from pathlib import Path

import pytest

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.engine.room import LEAST_BYTES, keeping_room
from eventglass.errors import UnavailableError
from eventglass.ingest.writer import Writer
from eventglass.sql.statement import Statement
from tests.engine.running import run
from tests.insights.asking import did, store
from tests.patience import PATIENCE

FULL = """
    import asyncio, shutil, sys
    import structlog
    from pathlib import Path
    from eventglass.engine.embedded import open_embedded
    from eventglass.engine.promoted import promote, promoted
    from eventglass.errors import UnavailableError
    from eventglass.sql.statement import Statement

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    directory = Path(sys.argv[1])
    usage = shutil.disk_usage

    def fill():
        shutil.disk_usage = lambda path: usage(path)._replace(free=2**20)

    def empty():
        shutil.disk_usage = usage

"""

ALTERED = """
    async def main():
        engine = open_embedded(directory)
        await promote(engine, ["plan"], drop_others=True)
        fill()
        for names in (["plan", "country"], []):
            try:
                await promote(engine, names, drop_others=True)
            except UnavailableError as error:
                print(error.reason, bool(error.retry_after))
        partition = "ALTER TABLE event_hours DROP PARTITION 1"
        await engine.alter(Statement(text=partition))
        print(*await promoted(engine))
        empty()
        await promote(engine, [], drop_others=True)
        print(*await promoted(engine))
        await engine.close()

    asyncio.run(main())
"""

MADE = """
    fill()
    try:
        open_embedded(directory)
    except UnavailableError as error:
        print(error.reason, (directory / "engine").exists())
    empty()
    asyncio.run(open_embedded(directory).close())
    fill()
    # Nothing is to be changed.
    asyncio.run(open_embedded(directory).close())
    print("opened")
"""

MIGRATED = """
    from eventglass.engine import migrate
    known = migrate.migrations
    migrate.migrations = lambda: known()[:-1]
    asyncio.run(open_embedded(directory).close())
    migrate.migrations = known
    fill()
    try:
        open_embedded(directory)
    except UnavailableError as error:
        print(error.reason)
    empty()
    asyncio.run(open_embedded(directory).close())
    print("opened")
"""


def test_no_table_is_altered_but_to_make_room(tmp_path: Path) -> None:
    assert run(FULL + ALTERED, str(tmp_path)) == "DISK_FULL True\nDISK_FULL True\nplan\n\n"


def test_no_tables_are_made_but_those_that_are_there_are_opened(tmp_path: Path) -> None:
    assert run(FULL + MADE, str(tmp_path)) == "DISK_FULL False\nopened\n"


def test_no_tables_are_brought_to_a_newer_version(tmp_path: Path) -> None:
    assert run(FULL + MIGRATED, str(tmp_path)) == "DISK_FULL\nopened\n"


async def _asked(engine: Pool, text: str) -> object:
    return (await engine.query(Statement(text=text, columns=1), Limits())).columns[0][0]


async def test_some_room_is_never_reserved(engine: Pool) -> None:
    assert await _asked(engine, "SELECT keep_free_space FROM system.disks") == LEAST_BYTES


async def test_parts_are_changed_only_where_that_is_allowed(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    await store(writer, project_id, [did("a", 0)])
    of_project = f"WHERE project_id = '{project_id}'"
    change = f"ALTER TABLE events UPDATE context = 'changed' {of_project} SETTINGS mutations_sync = 0"
    changed = f"SELECT countIf(context = 'changed') FROM events {of_project}"

    await engine.let_merge(False)
    await engine.alter(Statement(text=change))
    await asyncio.sleep(0.5)
    meanwhile = await _asked(engine, changed)
    await engine.let_merge(True)
    async with asyncio.timeout(PATIENCE):
        while not await _asked(engine, changed):  # noqa: ASYNC110 - only the table tells
            await asyncio.sleep(0.05)

    assert meanwhile == 0


async def test_that_is_ended_while_there_is_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the disk cannot be looked at, or the engine be told so, at once."""
    usage, free = shutil.disk_usage(tmp_path), LEAST_BYTES
    said: list[bool] = []
    failing = 1
    looks = 0

    def look(_: Path) -> object:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise OSError("not there now")
        return usage._replace(free=free)

    monkeypatch.setattr(shutil, "disk_usage", look)

    async def let_merge(allowed: bool) -> None:
        nonlocal failing
        if failing:
            failing -= 1
            raise UnavailableError("away")
        said.append(allowed)

    async def have_said(*all_of_it: bool) -> None:
        while said != [*all_of_it]:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.01)

    async with keeping_room(tmp_path, let_merge, every_seconds=0.01), asyncio.timeout(PATIENCE):
        await asyncio.sleep(0.1)
        await have_said()
        free -= 1
        await have_said(False)
        free += 1
        await have_said(False, True)
