"""What a failed database means: to callers of a running server, and to whoever starts one."""

import sqlite3
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError

from eventglass.errors import UnavailableError

_log = structlog.get_logger(__name__)

# SQLite's numbers. The general one is of statements that do not fit the tables, and ours fit theirs.
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
# PostgreSQL's states: a table or column that is not there, and files that are damaged.
_DAMAGED_STATES: Final = frozenset({"42P01", "42703", "XX001", "XX002"})
_FULL_STATE: Final = "53100"
# The lowest byte of a number tells its kind, the others which of it.
_KIND: Final = 0xFF

_RETRY_AFTER: Final = timedelta(seconds=1)


def check_pages(connection: Connection, url: URL) -> None:
    """Look for damage that calls would meet later. A catalog is small, so that takes no time.

    Raises:
        UnavailableError: SQLite's file is damaged.
    """
    if connection.dialect.name != "sqlite":
        return
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        raise _damaged_at_start(url, str(found))


def failure_of_start(error: DBAPIError, url: URL) -> UnavailableError:
    """Say what is wrong with a catalog that cannot be opened, and which it is."""
    if _is_damage(error):
        return _damaged_at_start(url, _text(error))
    message = f"the catalog {_place(url)} cannot be opened: {_text(error)}"
    return UnavailableError(message, reason="CATALOG_UNAVAILABLE")


def failure_of_call(error: DBAPIError) -> UnavailableError:
    """Say what a failure means to a caller, who cannot mend it; the log says more."""
    if _is_damage(error):
        _log.error("catalog is damaged", error=_text(error))
        message = "the catalog of projects and keys is damaged; whoever runs the server has to restore it"
        return UnavailableError(message, reason="CATALOG_DAMAGED")
    _log.warning("catalog failed", error=_text(error))
    if _kind(error) == sqlite3.SQLITE_FULL or _state(error) == _FULL_STATE:
        message = "the server's disk is full; try again when it has room"
        return UnavailableError(message, reason="DISK_FULL", retry_after=_RETRY_AFTER)
    if _number(error) == sqlite3.SQLITE_READONLY_DBMOVED:
        return _gone()
    if _kind(error) == sqlite3.SQLITE_READONLY:
        message = "the catalog can only be read; whoever runs the server has to let its user write it"
        return UnavailableError(message, reason="CATALOG_UNAVAILABLE")
    return away("is away")


def failure_of_place(url: URL) -> UnavailableError:
    """Say that the file of an open catalog is not where the next start looks for it."""
    _log.error("catalog is gone", place=_place(url))
    return _gone()


def away(how: str) -> UnavailableError:
    """Say that the catalog cannot be asked now, and when to try again."""
    message = f"the catalog {how}; try again"
    return UnavailableError(message, reason="CATALOG_UNAVAILABLE", retry_after=_RETRY_AFTER)


def _gone() -> UnavailableError:
    message = "the catalog is not where it was; whoever runs the server has to put it back, or start it again"
    return UnavailableError(message, reason="CATALOG_UNAVAILABLE", retry_after=_RETRY_AFTER)


def _damaged_at_start(url: URL, text: str) -> UnavailableError:
    message = (
        f"the catalog {_place(url)} is damaged ({text}); put back a copy, or move it away and create its "
        "projects under the same ids, keys and audiences anew: no events are in it"
    )
    return UnavailableError(message, reason="CATALOG_DAMAGED")


def _is_damage(error: DBAPIError) -> bool:
    return _kind(error) in _DAMAGED or _state(error) in _DAMAGED_STATES


def _kind(error: DBAPIError) -> int | None:
    """Give the kind of SQLite's errors; None of another database's, and of the driver's own."""
    number = _number(error)
    return None if number is None else number & _KIND


def _number(error: DBAPIError) -> int | None:
    number: int | None = getattr(error.orig, "sqlite_errorcode", None)
    return number


def _state(error: DBAPIError) -> str | None:
    """Give the state that PostgreSQL tells with an error; None of another database's."""
    state: str | None = getattr(error.orig, "sqlstate", None)
    return state


def _text(error: DBAPIError) -> str:
    return next(iter(str(error.orig).splitlines()), "")


def _place(url: URL) -> str:
    return url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string()
