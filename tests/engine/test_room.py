"""On a full disk no table is changed: the engine would lose it. In processes of their own."""

from pathlib import Path

from tests.engine.running import run

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
