"""What an engine's failure means to a caller. The engine's own words go to the log, never further."""

import errno
import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from clickhouse_connect.driver import exceptions as client_errors

from eventglass.errors import (
    CancelledError,
    DeadlineError,
    EventglassError,
    InternalError,
    LimitError,
    UnavailableError,
)

_log = structlog.get_logger(__name__)

EngineFailure = client_errors.Error

RETRY_AFTER = timedelta(seconds=1)

# What the system says of a full disk.
NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meaning:
    error: type[EventglassError]
    reason: str
    message: str
    retry: bool = False


def _time() -> _Meaning:
    return _Meaning(
        error=DeadlineError,
        reason="DEADLINE_EXCEEDED",
        message="the query took longer than its deadline; ask for a shorter time range or allow more time",
    )


def _limit(reason: str, message: str, *, retry: bool = False) -> _Meaning:
    return _Meaning(error=LimitError, reason=reason, message=message, retry=retry)


def _away() -> _Meaning:
    return _Meaning(
        error=UnavailableError,
        reason="ENGINE_UNAVAILABLE",
        message="the engine is away; try again",
        retry=True,
    )


_DISK = _Meaning(
    error=UnavailableError,
    reason="DISK_FULL",
    message="the server's disk is full; try again when it has room",
    retry=True,
)
_ENDED = _Meaning(
    error=CancelledError, reason="CANCELLED", message="the query was ended before it had an answer"
)
_MEMORY = _limit("MEMORY_LIMIT", "the query needs more memory than one query may use; narrow it")
_ROWS = _limit(
    "ROWS_LIMIT",
    "the query reads or groups more rows than one query may; narrow it, or raise its budget.max_rows_read "
    "where that is set",
)
_RESULT = _limit("RESULT_LIMIT", "the answer is larger than one answer may be; narrow the query")
_STATEMENT = _limit(
    "STATEMENT_LIMIT", "the query is too large; use fewer or shorter filters, events and names"
)
# Of the numbers that stand for values while a statement runs (sql/paths/nodes.py).
_VALUES = _limit(
    "VALUES_LIMIT",
    "there are more different values than one query can number; "
    "choose a property with fewer, or a shorter time range",
)
_BUSY = _limit("ENGINE_BUSY", "the engine is busy; try again", retry=True)

# A server's HTTP interface says this of a parameter above its http_max_field_value_size, with a number
# that stands for everything which its HTTP library finds wrong: src/Server/HTTP/HTMLForm.cpp.
_TOO_LONG_FOR_HTTP = "Field value too long"

# What stands before a server says so in its place; the engine's own answers have a number.
_OF_A_PROXY = re.compile(r"HTTP status \d{3}\b")

# Of one number the engine says in words alone whose limit it was: the query's own, or that of all
# together, of which the query may have been a small part. src/Common/MemoryTracker.cpp, and before 25.
_MEMORY_OF_ALL = re.compile(
    r"(\(total\)|\bUser|\bProcess) memory limit exceeded|Memory limit \((total|for user)\) exceeded"
)
_MEMORY_NUMBER: Final = 241
_SPACE_NUMBER: Final = 243

# ClickHouse's error numbers: src/Common/ErrorCodes.cpp.
MEANINGS: Final = {
    76: _BUSY,  # CANNOT_OPEN_FILE, as for want of descriptors: one that is not there has another number
    128: _RESULT,  # TOO_LARGE_ARRAY_SIZE
    131: _RESULT,  # TOO_LARGE_STRING_SIZE
    158: _ROWS,  # TOO_MANY_ROWS
    159: _time(),  # TIMEOUT_EXCEEDED
    160: _time(),  # TOO_SLOW
    167: _STATEMENT,  # TOO_DEEP_AST
    168: _STATEMENT,  # TOO_BIG_AST
    173: _MEMORY,  # CANNOT_ALLOCATE_MEMORY
    191: _ROWS,  # SET_SIZE_LIMIT_EXCEEDED
    202: _BUSY,  # TOO_MANY_SIMULTANEOUS_QUERIES
    209: _away(),  # SOCKET_TIMEOUT
    210: _away(),  # NETWORK_ERROR
    _MEMORY_NUMBER: _MEMORY,  # MEMORY_LIMIT_EXCEEDED
    242: _away(),  # TABLE_IS_READ_ONLY
    _SPACE_NUMBER: _DISK,  # NOT_ENOUGH_SPACE
    252: _BUSY,  # TOO_MANY_PARTS
    279: _away(),  # ALL_CONNECTION_TRIES_FAILED
    298: _BUSY,  # CANNOT_PIPE
    306: _STATEMENT,  # TOO_DEEP_RECURSION
    307: _ROWS,  # TOO_MANY_BYTES
    394: _ENDED,  # QUERY_WAS_CANCELLED
    395: _VALUES,  # FUNCTION_THROW_IF_VALUE_IS_NON_ZERO
    396: _RESULT,  # TOO_MANY_ROWS_OR_BYTES
    427: _STATEMENT,  # CANNOT_COMPILE_REGEXP
    439: _BUSY,  # CANNOT_SCHEDULE_TASK: no more threads
    460: _BUSY,  # CANNOT_CREATE_TIMER
    573: _BUSY,  # EPOLL_ERROR
    735: _ENDED,  # QUERY_WAS_CANCELLED_BY_CLIENT
    999: _away(),  # KEEPER_EXCEPTION
}


def failure_of_query(error: EngineFailure, *, statement: str) -> EventglassError:
    """Say what a failed SELECT means to its caller.

    Args:
        error: what clickhouse-connect raised.
        statement: the statement's hash, for the log.
    """
    _tell(logging.WARNING, "statement failed", error, statement=statement)
    if error.code is None and isinstance(
        error, client_errors.OperationalError | client_errors.ProgrammingError
    ):
        return _error(_away())  # no connection, or a client that is closed
    if _TOO_LONG_FOR_HTTP in str(error):
        return _error(_STATEMENT)
    if error.code == _MEMORY_NUMBER and _MEMORY_OF_ALL.search(str(error)):
        return _error(_BUSY)
    if error.code is None and _OF_A_PROXY.search(str(error)):
        return _error(_away())
    meaning = None if error.code is None else MEANINGS.get(error.code)
    return InternalError("the query failed") if meaning is None else _error(meaning)


def failure_of_insert(error: EngineFailure, *, table: str) -> EventglassError:
    """Say what a failed INSERT means to its caller: nothing is promised, and a retry is safe."""
    _tell(logging.ERROR, "insert failed", error, table=table)
    return disk_full() if error.code == _SPACE_NUMBER else not_stored()


def failure_of_file(error: OSError, *, table: str) -> EventglassError:
    """Say what it means to an INSERT's caller that its rows could not be written for the engine to read."""
    _log.error("rows could not be written", table=table, error=str(error))
    return disk_full() if error.errno in NO_SPACE else not_stored()


def disk_full() -> UnavailableError:
    """Say that there is no room for what was to be stored."""
    return UnavailableError(_DISK.message, reason=_DISK.reason, retry_after=RETRY_AFTER)


def not_stored() -> UnavailableError:
    """Say that something was not stored, and that it is safe to send it again."""
    return UnavailableError(
        "it could not be stored; send it again", reason="NOT_STORED", retry_after=RETRY_AFTER
    )


def failure_of_change(error: EngineFailure, *, statement: str) -> EventglassError:
    """Say what a failed change of tables means to whoever asked for it.

    Args:
        error: what clickhouse-connect raised.
        statement: the statement's hash, for the log.
    """
    _tell(logging.ERROR, "change failed", error, statement=statement)
    return UnavailableError(
        "the tables could not be changed; try again", reason="NOT_CHANGED", retry_after=RETRY_AFTER
    )


def _tell(level: int, event: str, error: EngineFailure, **of: str) -> None:
    # What was ended on purpose, by its caller or by a server that stops, is nothing to wake anybody for.
    ended = error.code is not None and MEANINGS.get(error.code) is _ENDED
    _log.log(logging.INFO if ended else level, event, code=error.code, error=_excerpt(error), **of)


def _excerpt(error: EngineFailure) -> str:
    # The engine repeats the statement, whose names may be megabytes long.
    text = str(error)
    return text if len(text) <= 2_000 else f"{text[:2_000]}…"


def _error(meaning: _Meaning) -> EventglassError:
    return meaning.error(
        meaning.message, reason=meaning.reason, retry_after=RETRY_AFTER if meaning.retry else None
    )
