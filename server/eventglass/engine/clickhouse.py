"""A ClickHouse server as the engine, over HTTP."""

import time
import traceback
from collections.abc import Callable
from contextlib import closing
from functools import partial, wraps
from typing import Final, ParamSpec, TypeVar
from urllib.parse import urlsplit

import clickhouse_connect
from clickhouse_connect.driver import transform
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import OperationalError
from urllib3.exceptions import LocationValueError

from eventglass.engine.failures import EngineFailure
from eventglass.engine.migrate import migrate
from eventglass.engine.pool import Pool
from eventglass.engine.settings import EngineSettings, SettingValues, pool_settings
from eventglass.errors import InvalidArgumentError, UnavailableError, Violation
from eventglass.sql.long_arrays import in_pieces

# Inserts of events that are older than a number of seconds.
_STORING = """
SELECT count()
FROM system.processes
WHERE match(query, '^INSERT INTO `?events`? ') AND current_database = currentDatabase()
    AND elapsed >= {seconds:Float64}
"""
_PAUSE_SECONDS = 0.1

# A server's profile may have all of these otherwise: statements mean what they say by these values alone, and
# are answered whole, from what is there now.
_WHATEVER_THE_PROFILE: Final[SettingValues] = {
    # First, for the values below are not those of an earlier version.
    "compatibility": "",
    "aggregate_functions_null_for_empty": 0,
    "any_join_distinct_right_table_keys": 0,
    "cast_keep_nullable": 0,
    "data_type_default_nullable": 0,
    "date_time_overflow_behavior": "ignore",
    "enable_analyzer": 1,
    "group_by_use_nulls": 0,
    "join_use_nulls": 0,
    "least_greatest_legacy_null_behavior": 0,
    "prefer_column_name_to_alias": 0,
    "session_timezone": "UTC",
    "short_circuit_function_evaluation": "enable",
    "transform_null_in": 0,
    "distinct_overflow_mode": "throw",
    "join_overflow_mode": "throw",
    "read_overflow_mode_leaf": "throw",
    "set_overflow_mode": "throw",
    "sort_overflow_mode": "throw",
    "timeout_overflow_mode_leaf": "throw",
    "transfer_overflow_mode": "throw",
    "use_query_cache": 0,
}

# Over HTTP, limits arrive as settings of the request, which readonly = 1 would refuse.
_READONLY = 2
_COMPRESSION = "lz4"

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


def open_clickhouse(dsn: str, settings: EngineSettings | None = None) -> Pool:
    """Open a database of a server, such as `clickhouse://user:password@host:8123/eventglass`; by TLS: `https://…`.

    Raises:
        InvalidArgumentError: an option of it has a value that the client does not take.
        UnavailableError: the server cannot be reached, or refuses; the message is one line for a terminal.
    """
    settings = settings or EngineSettings()

    def open_client() -> Client:
        client = clickhouse_connect.get_client(
            dsn=dsn,
            # The client itself goes by the port alone, and would send a password as it is.
            interface="https" if urlsplit(dsn).scheme == "https" else None,
            settings={
                **_WHATEVER_THE_PROFILE,
                **pool_settings(settings),
                "wait_end_of_query": 1,  # or read_rows is of a moment
            },
            autogenerate_session_id=False,
            send_receive_timeout=int(settings.max_insert_seconds) + 5,
        )
        # An INSERT whose answer was broken on its way (TLS) may have been done, and would be sent again.
        client.http_retries = 0  # type: ignore[attr-defined]
        client.query = _whole(client.query)  # type: ignore[method-assign]
        return client

    try:
        with closing(open_client()) as first:
            settle = partial(_wait_for_inserts, first, settings.max_insert_seconds)
            migrate(first, settle=settle)
            settle()
            return Pool(open_client, settings, readonly=_READONLY, fit=in_pieces, compression=_COMPRESSION)
    except EngineFailure as error:
        message = f"the ClickHouse server cannot be reached{_why(error)}"
        # It has answered, or the client has not asked: its user may not set what is needed, say.
        if error.code is not None or not isinstance(error, OperationalError):
            message = f"the ClickHouse server refuses: {_line(error)}"
        raise UnavailableError(message, reason="CANNOT_OPEN") from error
    except LocationValueError as error:
        # Of a proxy that the address names, say.
        description = f"cannot be used: {_line(error)}"
        violation = Violation(
            field="EVENTGLASS_CLICKHOUSE_DSN", code="INVALID_VARIABLE", description=description
        )
        raise InvalidArgumentError.of([violation]) from error


def _whole(query: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
    """Take an answer that cannot be read for a connection that broke, as the client does of one cut short.

    Of others it lets through whatever those say who unpack and read it.
    """

    @wraps(query)
    def asked(*given: _Given.args, **named: _Given.kwargs) -> _Answer:
        try:
            return query(*given, **named)
        except EngineFailure:
            raise
        except Exception as error:
            # Those who unpack raise what they like; what did not come from reading goes on as it is.
            frames = traceback.walk_tb(error.__traceback__)
            if any(frame.f_globals["__name__"] == transform.__name__ for frame, _ in frames):
                raise OperationalError(f"the answer cannot be read: {error!r}") from error
            raise

    return asked


def _why(error: EngineFailure) -> str:
    """Say what was in the way of a connection, without what would have been asked."""
    reason = getattr(error.__cause__, "reason", None)
    return f": {_line(reason)}" if isinstance(reason, Exception) else ""


def _line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "")[:300]


def _wait_for_inserts(client: Client, most_seconds: float) -> None:
    """Return when the server has stored what it was sent before.

    It goes on with the inserts of a process that is gone, and what comes to light after a writer has
    looked for events without hashes would be stored again.
    """
    began = time.monotonic()
    while (seconds := time.monotonic() - began) < most_seconds:
        ((running,),) = client.query(_STORING, {"seconds": seconds}).result_rows
        if not running:
            return
        time.sleep(_PAUSE_SECONDS)
    raise UnavailableError(
        "the ClickHouse server is at work on earlier events; try again", reason="CANNOT_OPEN"
    )
