"""What the rest of the server asks of an engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa

from eventglass.sql.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one statement may use. None: the server's own limit.

    Args:
        max_seconds: wall time from now, the wait for a free client included.
        max_rows_read: rows read from tables.
    """

    max_seconds: float | None = None
    max_rows_read: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """An answer by columns, in the order of the SELECT. The one place where values are untyped.

    Args:
        columns: one sequence per selected column, all equally long.
        rows_read: rows that the engine read to get there.
        bytes_read: bytes, likewise.
        seconds: from when it was asked until its columns were read, without the wait for a client.
        cached: this is the kept answer of an equal statement.
    """

    columns: Sequence[Sequence[Any]]
    rows_read: int
    bytes_read: int
    seconds: float = 0.0
    cached: bool = False


class Answers(Protocol):
    """What answers statements. Safe to share between tasks of one loop."""

    async def query(self, statement: Statement, limits: Limits) -> Rows:
        """Run one SELECT; end it in the engine, too, when the calling task is cancelled.

        Raises:
            DeadlineError: `max_seconds` is over, in the queue or in the engine.
            LimitError: a limit (memory, rows, result, queue) was hit.
            UnavailableError: the engine is away.
        """
        ...


class Engine(Answers, Protocol):
    """A place that stores rows and answers statements. Safe to share between tasks of one loop.

    Who opened it changes, probes and closes it, too: see `Pool`.
    """

    async def insert(self, table: str, rows: pa.Table) -> None:
        """Append rows; when it returns they are on disk.

        Raises:
            DeadlineError: too much was being stored for too long; nothing was stored.
            UnavailableError: the engine is away, or could not store them.
        """
        ...

    async def settle_inserts(self) -> None:
        """End inserts that failed and may go on in the engine all the same; then their rows are there or not.

        Raises:
            EventglassError: the engine is away, or still at work on them; ask again.
        """
        ...
