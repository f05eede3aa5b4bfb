"""Ids that were texts become UUIDs where they are spelled so, wherever that is cut off."""

import shutil
from pathlib import Path

import pytest

from tests.engine.running import run

EARLIER = """
    import sys
    import clickhouse_connect
    from tests.engine.earlier import with_ids_as_texts

    client = clickhouse_connect.get_client(interface="chdb", path=sys.argv[1])
    with_ids_as_texts(client)
    client.close()
"""

# As a kill leaves it: in the last statement, when that has begun, or after as many as are told.
CUT_OFF = """
    import os, sys
    import clickhouse_connect
    from tests.engine.earlier import statements_of_ids

    client = clickhouse_connect.get_client(interface="chdb", path=sys.argv[1])
    statements = statements_of_ids()[: int(sys.argv[2])]
    if sys.argv[3] == "within":
        statements = (*statements[:-1], statements[-1].replace("mutations_sync = 1", "mutations_sync = 0"))
    for statement in statements:
        client.command(statement)
    os._exit(0)
"""

GO_ON = """
    import sys
    import clickhouse_connect
    from eventglass.engine.migrate import migrate
    from tests.engine.earlier import IDS

    client = clickhouse_connect.get_client(interface="chdb", path=sys.argv[1])
    for _ in range(2):  # the second as if the first had not noted what it did
        migrate(client)
        client.command("TRUNCATE TABLE migrations")
    expected = sorted((one, other) for one in IDS for other in IDS)
    asked = "SELECT event_id, session_id FROM events WHERE project_id = 'p'"
    print(sorted(client.query(asked).result_rows) == expected)

    rows = [["p", "x", "2024-09-01 00:00:00", one, other] for one in IDS for other in IDS]
    client.insert("events", rows, ["project_id", "event", "time", "event_id_text", "session_id_text"])
    migrate(client)
    print(sorted(client.query(asked).result_rows) == sorted(expected * 2))

    gone, at_once = IDS[0], "SETTINGS mutations_sync = 1"
    client.command(f"ALTER TABLE events DELETE WHERE session_id = '{gone}' {at_once}")
    client.command("ALTER TABLE events ADD COLUMN m String MATERIALIZED event_id")
    client.command(f"ALTER TABLE events MATERIALIZE COLUMN m {at_once}")
    print(sorted(client.query(asked).result_rows) == sorted(each for each in expected * 2 if each[1] != gone))
    print(client.command("SELECT countIf(m != event_id) FROM events"))
    columns = "SELECT column FROM system.parts_columns WHERE table = 'events' AND active"
    print({"event_id", "session_id"} & {column for (column,) in client.query(columns).result_rows})
    client.close()
"""


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An engine's directory in which ids are texts."""
    directory = tmp_path_factory.mktemp("earlier") / "d"
    run(EARLIER, str(directory))
    return directory


@pytest.mark.parametrize(
    ("statements", "cut_off"),
    [(0, "after"), (1, "after"), (2, "within"), (2, "after"), (3, "within"), (3, "after")],
)
def test_ids_that_were_texts_stay_what_they_are_wherever_their_migration_is_cut_off(
    earlier: Path, tmp_path: Path, statements: int, cut_off: str
) -> None:
    shutil.copytree(earlier, tmp_path / "d", symlinks=True)
    run(CUT_OFF, str(tmp_path / "d"), str(statements), cut_off)

    assert run(GO_ON, str(tmp_path / "d")) == "True\nTrue\nTrue\n0\nset()\n"
