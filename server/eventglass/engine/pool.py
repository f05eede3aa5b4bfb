"""Blocking ClickHouse clients under asyncio: one thread and one client per running statement.

A chDB client runs one statement at a time, and the thread that runs it cannot be stopped from
Python. So a statement whose caller has left is ended in the engine, through a client that is kept
for that, and its slot is free again when its *thread* is, not when its caller is.

Whoever stores has clients of its own (see `Storing`): however many queries wait, no event does.
"""

import asyncio
import re
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

import pyarrow as pa
import structlog
from clickhouse_connect.driver.client import Client

from eventglass.engine import change, control
from eventglass.engine.arrow_file import arrow_file
from eventglass.engine.clients import Clients
from eventglass.engine.doubts import Doubts
from eventglass.engine.engine import Limits, Rows
from eventglass.engine.failures import (
    RETRY_AFTER,
    EngineFailure,
    failure_of_change,
    failure_of_file,
    failure_of_insert,
    failure_of_query,
)
from eventglass.engine.lane import Answer, Lane, closed, late
from eventglass.engine.select import select
from eventglass.engine.settings import (
    MAX_STATEMENT_BYTES,
    EngineSettings,
    insert_settings,
    select_settings,
    storing_settings,
)
from eventglass.errors import InternalError, LimitError, UnavailableError
from eventglass.sql.statement import Statement
from eventglass.threads import started

_log = structlog.get_logger(__name__)

# How long past its deadline the engine may take to end a statement by itself.
_GRACE_SECONDS = 0.05
_PING_SECONDS = 5.0
# One commit at a time, the ids of those before, one call about persons; and what is read at the start.
_STORING_CLIENTS = 2
_SELECT = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)
_CHANGE = re.compile(r"(ALTER TABLE|INSERT INTO \w+ (\([\w,\s]+\)\s)?SELECT|SYSTEM (START|STOP) MERGES)\b")
# All but what makes room.
_TAKES_ROOM = re.compile(r"ALTER TABLE (?!\w+ DROP PARTITION\b)")
# A commit that takes longer makes others be refused (ingest/writer.py).
_SETTLE_SECONDS = 4.0


class Pool:
    """An `Engine` of several equal clients. Use it in one event loop; close it at the end.

    Args:
        open_client: makes one client.
        settings: how many clients, and what statements are held to.
        readonly: the value of that setting for SELECTs.
        fit: makes of a statement one that the clients' interface takes.
        compression: of inserted rows on their way, such as "lz4".
        check_room: raises UnavailableError when no table may be altered, for there is no room to.
        release: called when all clients are closed.
    """

    def __init__(
        self,
        open_client: Callable[[], Client],
        settings: EngineSettings,
        *,
        readonly: int,
        fit: Callable[[Statement], Statement] = lambda statement: statement,
        compression: str | None = None,
        check_room: Callable[[], None] = lambda: None,
        release: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._readonly = readonly
        self._fit = fit
        self._compression = compression
        self._check_room = check_room
        self._release = release
        self._control = Clients(open_client, 1)
        self._control_thread = started(1, "engine-control")
        self._asking = Lane(
            open_client, settings, settings.clients, most_waiting=settings.max_waiting, name="engine"
        )
        self._storing = Lane(
            open_client,
            storing_settings(settings),
            _STORING_CLIENTS,
            most_waiting=None,
            name="engine-storing",
        )
        self._running: dict[str, Future[Any]] = {}
        self._doubts = Doubts()
        self._endings: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def max_memory_bytes(self) -> int:
        """What one statement may take."""
        return self._settings.max_memory_bytes

    async def query(self, statement: Statement, limits: Limits) -> Rows:
        """Run one SELECT. See `Engine`."""
        return await self._query(self._asking, statement, limits)

    async def look_up(self, statement: Statement, limits: Limits) -> Rows:
        """Run one SELECT of someone who stores, without the limits of callers. See `Engine.query`."""
        return await self._query(self._storing, statement, limits)

    async def _query(self, lane: Lane, statement: Statement, limits: Limits) -> Rows:
        # Another statement's settings would be SET, and readonly can never be taken back.
        if not _SELECT.match(statement.text):
            raise InternalError("not a SELECT")
        if len(statement.text.encode()) > MAX_STATEMENT_BYTES:
            raise LimitError(
                f"the query is larger than {MAX_STATEMENT_BYTES // 2**20} MiB; use shorter names and filters",
                reason="STATEMENT_LIMIT",
            )
        seconds = lane.settings.max_seconds
        if limits.max_seconds is not None:
            seconds = min(seconds, limits.max_seconds)
        ends = time.monotonic() + seconds
        await self._enter(lane, ends)
        tag = uuid.uuid4().hex
        run = partial(self._select, lane, statement, limits, ends, tag)
        return await self._run(lane, run, tag, ends)

    async def insert(self, table: str, rows: pa.Table) -> None:
        """Append rows. See `Engine`."""
        # Written here: a thread would wait for its turn with Python's lock at each column.
        data = arrow_file(rows, self._compression)
        ends = time.monotonic() + self._settings.max_insert_seconds
        await self._enter(self._storing, ends)
        tag = uuid.uuid4().hex
        run = partial(self._insert, table, rows.column_names, data, tag)
        await self._run(self._storing, run, tag, None)

    async def settle_inserts(self) -> None:
        """Return when nothing of inserts that failed goes on. See `Engine`."""
        ends = time.monotonic() + _SETTLE_SECONDS
        for tag in self._doubts.all():
            while not await self._in_control(partial(self._settle, tag=tag)):
                if time.monotonic() > ends:
                    raise UnavailableError("the engine is at work on what failed", retry_after=RETRY_AFTER)
                await asyncio.sleep(0.05)

    async def alter(self, statement: Statement) -> None:
        """Run one ALTER TABLE (INSERT INTO … SELECT, SYSTEM START or STOP MERGES), for as long as it takes.

        It takes its turn with queries: it may run for minutes.

        Raises:
            DeadlineError, LimitError: queries are in the way.
            UnavailableError: the engine is away, or could not do it, or its disk is full.
        """
        if not _CHANGE.match(statement.text):
            raise InternalError(
                "not an ALTER TABLE, INSERT INTO … SELECT, SYSTEM START MERGES or STOP MERGES"
            )
        await self._enter(self._asking, time.monotonic() + self._settings.max_insert_seconds)
        tag = uuid.uuid4().hex
        await self._run(self._asking, partial(self._alter, statement, tag), tag, None)

    async def let_merge(self, allowed: bool) -> None:
        """Let parts of tables be put together and changed; or end all of that at once, and begin none.

        Raises:
            UnavailableError: the engine is away, or could not do it.
        """
        await self._in_control(partial(control.let_merge, allowed=allowed))

    async def ping(self) -> None:
        """Return when the engine answers; raise UnavailableError when it does not."""
        if self._closed:
            raise closed()
        try:
            async with asyncio.timeout(_PING_SECONDS):
                answers = await self._in_control(control.ping)
        except TimeoutError:
            answers = False
        if not answers:
            raise UnavailableError("the engine does not answer; try again", retry_after=RETRY_AFTER)

    async def close(self) -> None:
        """End what runs, wait for its threads, and let go of the data."""
        if self._closed:
            return
        self._closed = True
        for tag, running in self._running.items():
            self._end(tag, running)
        await asyncio.gather(self._asking.close(), self._storing.close())
        # One that failed is no reason to keep the data.
        await asyncio.gather(*self._endings, return_exceptions=True)
        await asyncio.to_thread(self._control_thread.shutdown)
        self._control.close()
        self._release()

    async def _enter(self, lane: Lane, ends: float) -> None:
        if self._closed:
            raise closed()
        await lane.enter(ends)
        if self._closed:
            lane.leave()
            raise closed()

    async def _run(self, lane: Lane, run: Callable[[], Answer], tag: str, ends: float | None) -> Answer:
        """Run in a thread, in the slot that `_enter` took."""
        running, answer = lane.start(run, over=lambda: self._running.pop(tag))
        self._running[tag] = running
        try:
            async with asyncio.timeout(None if ends is None else ends - time.monotonic() + _GRACE_SECONDS):
                return await answer
        except TimeoutError:
            self._end(tag, running)
            raise late() from None
        except asyncio.CancelledError:
            self._end(tag, running)
            raise

    def _end(self, tag: str, running: Future[Any]) -> None:
        """End a statement, in the engine unless no thread has begun with it, without waiting for it."""
        if running.cancel():
            return
        ending = asyncio.get_running_loop().create_task(self._kill(tag, running))
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    async def _kill(self, tag: str, running: Future[Any]) -> None:
        # Again and again: a statement that is being parsed is not in the engine's list yet.
        pause = 0.01
        while not running.done():
            try:
                await self._in_control(partial(control.kill, tag=tag))
            except EngineFailure as error:
                _log.warning("kill failed", tag=tag, error=str(error))
            await asyncio.sleep(pause)
            pause = min(2 * pause, 1.0)

    async def _in_control(self, use: Callable[[Client], Answer]) -> Answer:
        def run() -> Answer:
            with self._control.lend() as client:
                return use(client)

        return await asyncio.get_running_loop().run_in_executor(self._control_thread, run)

    def _select(self, lane: Lane, statement: Statement, limits: Limits, ends: float, tag: str) -> Rows:
        seconds = ends - time.monotonic()
        if seconds <= 0:
            raise late()
        settings = select_settings(
            lane.settings, limits, seconds=seconds, threads=lane.threads(), tag=tag, readonly=self._readonly
        )
        try:
            with lane.lend() as client:
                return select(client, self._fit(statement), settings)
        except EngineFailure as error:
            raise failure_of_query(error, statement=statement.hash) from None

    def _insert(self, table: str, columns: Sequence[str], data: pa.Buffer, tag: str) -> None:
        settings = insert_settings(self._settings, tag=tag)
        try:
            with self._storing.lend() as client:
                change.insert(client, table, columns, data, settings)
        except EngineFailure as error:
            if error.code is None:
                self._doubts.add(tag)
            raise failure_of_insert(error, table=table) from None
        except OSError as error:
            raise failure_of_file(error, table=table) from None

    def _settle(self, client: Client, tag: str) -> bool:
        try:
            return self._doubts.end(client, tag)
        except EngineFailure as error:
            raise failure_of_query(error, statement=tag) from None

    def _alter(self, statement: Statement, tag: str) -> None:
        if _TAKES_ROOM.match(statement.text):
            self._check_room()
        try:
            with self._asking.lend() as client:
                change.alter(client, self._fit(statement), tag=tag)
        except EngineFailure as error:
            raise failure_of_change(error, statement=statement.hash) from None
