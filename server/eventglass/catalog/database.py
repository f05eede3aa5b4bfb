"""The database that the catalog is in: SQLite, or PostgreSQL."""

import warnings
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SAWarning

from eventglass.errors import InvalidArgumentError, Violation

# Connections that threads share; more are made for a moment where all are in use.
_CONNECTIONS: Final = 5

# As libpq names them, in seconds and, the last, in milliseconds: when a server that is gone counts as gone.
# By itself it waits two minutes for a connection, and for an answer on one as long as the system's TCP.
_SOON: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def database(url: str | URL) -> Engine:
    """Name a database, and how it is to be talked to. Opens no connection.

    Args:
        url: as SQLAlchemy reads it; what its query says of connections goes before what is said here.

    Raises:
        InvalidArgumentError: the name is none, or one of a database without a driver here.
    """
    try:
        named = make_url(url)
        with warnings.catch_warnings():
            # Of options that it would leave aside.
            warnings.simplefilter("error", SAWarning)
            engine = create_engine(named, **_options(named))
    except ModuleNotFoundError as error:
        more = "; install eventglass[postgres]" if error.name == "psycopg" else ""
        raise _unusable(f"{error}{more}") from error
    except (ArgumentError, SAWarning, ValueError) as error:  # the last of a port
        raise _unusable(str(error).splitlines()[0]) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _keep_references)
    return engine


def file_of(url: URL) -> tuple[int, int] | None:
    """Tell which file is where SQLite's is to be; None: there is none, or the database is no file."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    try:
        found = Path(url.database).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _options(url: URL) -> dict[str, Any]:
    if url.get_backend_name() != "postgresql":
        return {}
    options: dict[str, Any] = {"pool_size": _CONNECTIONS, "pool_pre_ping": True}
    if url.get_driver_name() in ("psycopg", "psycopg2"):  # which are libpq's
        options["connect_args"] = {name: value for name, value in _SOON.items() if name not in url.query}
    return options


def _unusable(why: str) -> InvalidArgumentError:
    violation = Violation(
        field="EVENTGLASS_CATALOG_URL", code="INVALID_VARIABLE", description=f"cannot be used: {why}"
    )
    return InvalidArgumentError.of([violation])


def _keep_references(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
