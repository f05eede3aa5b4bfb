"""The schema comes by numbered files, each once. In processes of their own: one has one engine."""

from pathlib import Path

import pytest

from eventglass.engine.engine import Limits
from eventglass.engine.migrate import migrations
from eventglass.engine.pool import Pool
from eventglass.sql.statement import Statement
from tests.engine.running import run


async def test_every_file_has_run_and_is_noted(engine: Pool) -> None:
    text = "SELECT number, name FROM migrations ORDER BY number"

    numbers, names = (await engine.query(Statement(text=text), Limits())).columns

    assert list(numbers) == [migration.number for migration in migrations()]
    assert len(set(numbers)) == len(numbers)
    assert list(names) == [migration.name for migration in migrations()]


MIGRATE = """
    import sys
    import clickhouse_connect
    from eventglass.engine.migrate import migrate

    client = clickhouse_connect.get_client(interface="chdb", path=sys.argv[1])
    {before}
    print(migrate(client), migrate(client))
    print(client.command("SELECT count() FROM migrations"))
    client.close()
"""


def test_a_second_run_does_nothing(tmp_path: Path) -> None:
    names = [migration.name for migration in migrations()]

    first = run(MIGRATE.format(before=""), str(tmp_path / "d"))
    second = run(MIGRATE.format(before=""), str(tmp_path / "d"))

    assert first == f"{names} []\n{len(names)}\n"
    assert second == f"[] []\n{len(names)}\n"


def test_a_run_that_was_cut_off_before_its_note_is_run_again(tmp_path: Path) -> None:
    names = [migration.name for migration in migrations()]
    run(MIGRATE.format(before=""), str(tmp_path / "d"))

    again = run(MIGRATE.format(before="client.command('TRUNCATE TABLE migrations')"), str(tmp_path / "d"))

    assert again == f"{names} []\n{len(names)}\n"


COPY = """
    import sys
    from hashlib import blake2b
    import clickhouse_connect
    from clickhouse_connect.driver.exceptions import DatabaseError
    from eventglass.engine import migrate as migrating
    from eventglass.ingest.hash_parts import whole
    from eventglass.ingest.identity import event_hash

    EVENTS = [(project, str(number)) for number in range(1000) for project in ("a", "b", "c")]
    files = {{each.number: each for each in migrating.migrations()}}
    client = clickhouse_connect.get_client(interface="chdb", path=sys.argv[1])

    def migrate(until):
        migrating.migrations = lambda: [files[number] for number in files if number <= until]
        return migrating.migrate(client)

    def old_hash(project, event_id):
        name = project.encode()
        digest = blake2b(len(name).to_bytes(8, "little") + name + event_id.encode(), digest_size=16)
        return int.from_bytes(digest.digest(), "little")

    def store(events):
        rows = [[project, old_hash(project, event_id), 0] for project, event_id in events]
        client.insert("event_ids", rows, ["project_id", "hash", "received_at"])

    def run(statement, limit=""):
        client.command(statement.replace("ORDER BY project_id, hash", f"ORDER BY project_id, hash {{limit}}"))

    migrate(20)
    for part in range(3):
        store(EVENTS[part:2700:3])
    create, copy, check = files[21].statements
    (drop,) = files[22].statements
    {before}
    migrate(22)

    count, *columns = client.query(
        "SELECT sum(count()) OVER (), project_id, groupArray(upper), groupArray(lower) FROM event_hashes"
        " GROUP BY project_id ORDER BY project_id"
    ).result_columns
    found = {{(name, each) for name, *parts in zip(*columns) for each in whole(*parts)}}
    stored = EVENTS[:int(sys.argv[2])]
    print(found == {{(project, event_hash(project, each)) for project, each in stored}}, count[0])
    print(client.command("EXISTS TABLE event_ids"))
    client.close()
"""


@pytest.mark.parametrize(
    ("before", "events", "rows"),
    [
        ("", 2_700, 2_700),
        ("run(create); run(copy, 'LIMIT 1400'); run(copy, 'LIMIT 200')", 2_700, 2_700),
        ("run(create); run(copy)", 2_700, 2_700),
        ("migrate(21); run(drop)", 2_700, 2_700),
        # Rows too many do no harm.
        ("run(create); run(copy, 'LIMIT 1400'); store(EVENTS[2700:])", 3_000, 4_400),
    ],
    ids=["never", "while it copied, twice", "before it was noted", "after its end", "and others were stored"],
)
def test_hashes_are_copied_whole_wherever_that_was_cut_off(
    tmp_path: Path, before: str, events: int, rows: int
) -> None:
    found = run(COPY.format(before=before), str(tmp_path / "d"), str(events))

    assert found == f"True {rows}\n0\n"


def test_hashes_that_were_not_copied_are_not_dropped(tmp_path: Path) -> None:
    refused = "run(create)\n    try: run(check)\n    except DatabaseError as error: print(error.code)"

    found = run(COPY.format(before=refused), str(tmp_path / "d"), "2700")

    assert found == "395\nTrue 2700\n0\n"


def test_data_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    program = """
        import sys
        from pathlib import Path
        import clickhouse_connect
        from eventglass.engine.embedded import open_embedded
        from eventglass.errors import UnavailableError

        client = clickhouse_connect.get_client(interface="chdb", path=sys.argv[1] + "/engine")
        client.command("CREATE TABLE migrations (number UInt32, name String, applied_at DateTime('UTC')) "
                       "ENGINE = MergeTree ORDER BY number")
        client.command("INSERT INTO migrations VALUES (999, '0999_future.sql', now())")
        client.close()
        for _ in range(2):  # the second finds the directory unlocked
            try:
                open_embedded(Path(sys.argv[1]))
            except UnavailableError as error:
                print(error.reason)
    """

    assert run(program, str(tmp_path)) == "NEWER_DATA\nNEWER_DATA\n"


OPEN = """
    import asyncio
    import os
    import sys
    from pathlib import Path
    from eventglass.engine.embedded import open_embedded
    from eventglass.engine.engine import Limits
    from eventglass.sql.statement import Statement

    TABLES = "SELECT data_paths[1] FROM system.tables WHERE database = currentDatabase()"
    synced = set()
    fsync = os.fsync

    def noted(file):
        synced.add(os.path.realpath(f"/proc/self/fd/{file}"))
        fsync(file)

    async def main():
        os.fsync = noted
        pool = open_embedded(Path(sys.argv[1]))
        (paths,) = (await pool.query(Statement(text=TABLES), Limits())).columns
        folders = {Path(sys.argv[1]).resolve() / "engine" / path for path in paths}
        await pool.close()
        print(len(folders) > 5, all({str(each), str(each.parent)} <= synced for each in folders))

    asyncio.run(main())
"""


def test_every_start_brings_the_folders_to_disk(tmp_path: Path) -> None:
    """One that was killed after its last note may have left that to the next."""
    run(MIGRATE.format(before=""), str(tmp_path / "d" / "engine"))

    assert run(OPEN, str(tmp_path / "d")) == "True True\n"


DROP = """
    import sys
    import clickhouse_connect
    from eventglass.engine.migrate import migrate

    client = clickhouse_connect.get_client(interface="chdb", path=sys.argv[1])
    there = "SELECT countIf(name = 'event_ids'), countIf(name = 'event_hashes') FROM system.tables"
    migrate(client, bring_to_disk=lambda: print(client.query(there).result_rows))
    client.close()
"""


def test_a_copy_is_brought_to_disk_before_its_source_is_dropped(tmp_path: Path) -> None:
    assert run(DROP, str(tmp_path / "d")).endswith("[(1, 1)]\n")


MERGE = """
    import sys
    import time
    import clickhouse_connect
    from eventglass.engine.migrate import migrate

    client = clickhouse_connect.get_client(interface="chdb", path=sys.argv[1])
    migrate(client)
    client.command("SYSTEM STOP MERGES events")
    for number in range(25):
        client.command("INSERT INTO events (project_id, event, time) VALUES ('p', 'e', '2024-01-01')")
    client.command("SYSTEM START MERGES events")
    size = "max_block_number - min_block_number + 1"
    merged = f"SELECT {size} FROM system.parts WHERE table = 'events' AND level = 1"
    ends = time.monotonic() + 30
    while not (sizes := [row[0] for row in client.query(merged).result_rows]) and time.monotonic() < ends:
        time.sleep(0.05)
    print(max(sizes))
    client.close()
"""


def test_a_merge_takes_in_no_more_parts_than_its_memory_allows(tmp_path: Path) -> None:
    assert 2 <= int(run(MERGE, str(tmp_path / "d"))) <= 8


def test_each_migration_has_a_number_of_its_own() -> None:
    """Of two with one number the second would never run where the first has."""
    numbers = [each.number for each in migrations()]

    assert numbers == sorted(set(numbers))
