"""Bring the tables to the version of this code: numbered SQL files, each run once, in order.

A file's statements end with `;` at a line's end and may be run again (IF NOT EXISTS), because a
crash can come between a statement and the note that its file was done.
"""

import importlib.resources
import time
from collections.abc import Callable
from dataclasses import dataclass

from clickhouse_connect.driver.client import Client

from eventglass.engine.failures import EngineFailure
from eventglass.errors import UnavailableError

_NOTES = """
CREATE TABLE IF NOT EXISTS migrations (number UInt32, name String, applied_at DateTime('UTC'))
ENGINE = MergeTree ORDER BY number SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
"""

# Until then another server has noted what this one met as done by it.
_OTHERS_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One file.

    Args:
        number: its place, from 1.
        name: the file's name.
        statements: what it runs.
    """

    number: int
    name: str
    statements: tuple[str, ...]


def migrations() -> list[Migration]:
    """Read the files, in order."""
    folder = importlib.resources.files("eventglass.engine").joinpath("migrations")
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name
    )
    return [
        Migration(number=int(file.name[:4]), name=file.name, statements=_statements(file.read_text("utf-8")))
        for file in files
    ]


def _nothing() -> None:
    """Leave it as it is."""


def migrate(
    client: Client,
    *,
    settle: Callable[[], None] = _nothing,
    check_room: Callable[[], None] = _nothing,
    bring_to_disk: Callable[[], None] = _nothing,
) -> list[str]:
    """Run what has not run yet, and give its names.

    Args:
        client: whose tables.
        settle: returns when inserts that run now are done; no other process may insert if there is none.
        check_room: raises UnavailableError when there is none to write anything.
        bring_to_disk: brings there of tables what the engine does not. Called before one is dropped: it may
            have been copied to another.

    Raises:
        UnavailableError: the tables were made by a newer version, or cannot be brought to this one now.
    """
    client.command(_NOTES)
    done = _noted(client)
    known = migrations()
    if unknown := done - {migration.number for migration in known}:
        raise UnavailableError(
            f"the data is from a newer version (migration {max(unknown)}); update eventglass",
            reason="NEWER_DATA",
        )
    missing = [migration for migration in known if migration.number not in done]
    for migration in missing:
        # Asked again: another server may start at the same time.
        if migration.number in _noted(client):
            continue
        try:
            for statement in migration.statements:
                # One that has begun before the last statement writes what the columns were before it.
                settle()
                check_room()
                if "DROP TABLE" in statement:
                    bring_to_disk()
                client.command(statement)
            _note(client, migration)
        except EngineFailure:
            # It may have been a statement ahead.
            time.sleep(_OTHERS_SECONDS)
            if migration.number not in _noted(client):
                raise
    return [migration.name for migration in missing]


def _noted(client: Client) -> set[int]:
    return {number for (number,) in client.query("SELECT number FROM migrations").result_rows}


def _note(client: Client, migration: Migration) -> None:
    client.command(
        "INSERT INTO migrations SELECT {number:UInt32}, {name:String}, now()",
        parameters={"number": migration.number, "name": migration.name},
    )


def _statements(text: str) -> tuple[str, ...]:
    return tuple(statement for part in text.split(";\n") if (statement := part.strip()))
