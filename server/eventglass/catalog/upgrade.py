"""Bring the catalog's tables to the version of this code."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from eventglass.errors import UnavailableError

# The newest of migrations/versions.
VERSION: Final = "0002"


def bring_up_to_date(connection: Connection) -> None:
    """Run the migrations that have not run yet.

    Raises:
        UnavailableError: the tables are of a newer version.
    """
    if _version(connection) != VERSION:
        _hold(connection)
        _upgrade(connection)


def _version(connection: Connection) -> str | None:
    """Give the version of the tables; None: there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _hold(connection: Connection) -> None:
    """Let no other process change tables until the transaction ends.

    One that starts at the same time waits here; what it has to do is looked up when it goes on.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('eventglass catalog'))"))


def _upgrade(connection: Connection) -> None:
    # Takes a tenth of a start, and nearly no start needs it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        message = f"the catalog is from a newer version: {error}; update eventglass"
        raise UnavailableError(message, reason="NEWER_DATA") from error
