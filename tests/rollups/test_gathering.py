"""Rollups are gathered behind the writer, each event once, whatever happens meanwhile."""

import asyncio
import time
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import cast

import pyarrow as pa
import pytest

from eventglass.engine.engine import Rows
from eventglass.engine.pool import Pool
from eventglass.errors import UnavailableError
from eventglass.ingest import rollups as gathering_module
from eventglass.ingest.commit import newest_arrival
from eventglass.ingest.event_hours import Counts
from eventglass.ingest.identity import key_of
from eventglass.ingest.journal import Journal
from eventglass.ingest.marks import Marks, mark
from eventglass.ingest.rollups import ROLLUPS, Rollup, gather_settled, gathered, gathering, pause_after
from eventglass.ingest.times import milliseconds
from eventglass.ingest.writer import Writer, open_writer
from eventglass.sql.statement import Statement
from tests.ingest.looking import NOW, Faulty, one, send
from tests.insights.asking import did, store
from tests.killing import told
from tests.marks import NOTHING, forget
from tests.patience import PATIENCE
from tests.rollups.gathering import DAY, at, gather_all, long, noted

A_CENTURY_MS = 100 * 365 * 86_400_000


async def test_each_day_of_a_session_is_noted_once(engine: Pool, writer: Writer, project_id: str) -> None:
    await store(writer, project_id, [at(0), at(0), at(1, "t"), at(1), did("of no session", 2 * DAY)])

    await gather_all(engine)
    await gather_all(engine)
    await store(writer, project_id, [at(0), at(-3)])
    await gather_all(engine)

    assert await noted(engine, project_id) == ["2026-04-28", "2026-05-01", "2026-05-02", "2026-05-02"]


@pytest.mark.parametrize("at_once", [1, 5_000_000])
async def test_sessions_of_several_days_are_noted_whole(
    engine: Pool, writer: Writer, project_id: str, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What all other tests stored would take a statement an event.
    await gather_all(engine)
    monkeypatch.setattr(gathering_module, "_EVENTS_AT_ONCE", at_once)
    found = []
    # Of ids of their own: sessions of other projects that are called alike are looked at, too.
    s, t, u = (f"{each} of {project_id}" for each in "stu")
    for events in [[at(0, s), at(0, t)], [at(0.1, s), at(40, t), at(1, u)], [at(3, s)]]:
        await store(writer, project_id, events)
        await gather_all(engine)
        found.append(await long(engine, project_id))

    of_t = [(key_of(t), "2026-05-01"), (key_of(t), "2026-06-10")]
    of_s = [(key_of(s), "2026-05-01"), (key_of(s), "2026-05-04")]
    assert found == [[], of_t, sorted([*of_s, *of_t])]


@pytest.mark.parametrize("rollup", ROLLUPS, ids=lambda each: each.table)
async def test_what_was_cut_off_before_its_mark_is_done_again(
    engine: Pool, writer: Writer, project_id: str, rollup: Rollup
) -> None:
    await gather_all(engine)
    since_ms = await newest_arrival(engine) + 1
    await store(writer, project_id, [at(0), at(1)])
    until_ms = await newest_arrival(engine) + 1
    await engine.alter(gathered(rollup, since_ms, until_ms, memory_bytes=2**20))

    await gather_all(engine)

    assert await noted(engine, project_id) == ["2026-05-01", "2026-05-02"]


async def test_what_arrived_lately_is_left_for_another_time(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    """A part of it may be there, and the rest on its way."""
    await gather_all(engine)
    await store(writer, project_id, [at(0)])
    await store(writer, project_id, [at(1)])
    newest_ms = await newest_arrival(engine)

    found = []
    for later_ms in (0, 1, 3_600_000):
        await gather_settled(
            engine, ROLLUPS[0], stored_ms=newest_ms + gathering_module._SETTLED_MS + later_ms
        )
        found.append(sorted(set(await noted(engine, project_id))))

    first, both = ["2026-05-01"], ["2026-05-01", "2026-05-02"]
    assert found == [first, both, both]


async def test_what_waits_to_be_inserted_is_left_for_another_time(
    engine: Pool, project_id: str, tmp_path: Path
) -> None:
    """However long it waits: a part of it may be there, and what arrived later."""
    faulty = Faulty(engine)
    writer = await open_writer(faulty, Journal(tmp_path / "journal"))
    faulty.hanging = asyncio.Event()
    await send(writer, project_id, "waits")

    until_ms = writer.stored_until_ms()
    faulty.hanging.set()
    await writer.shown(project_id)

    assert await one(engine, project_id, "toUnixTimestamp64Milli(received_at)") == [until_ms]
    assert writer.stored_until_ms() >= _now_ms() - 3_600_000 > milliseconds(NOW)
    await writer.close()


async def test_the_mark_moves_when_questions_that_began_before_its_rows_are_over(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    await store(writer, project_id, [at(0)])
    await store(writer, project_id, [at(1)])
    long_after = await newest_arrival(engine) + 3_600_000
    before = await mark(engine, ROLLUPS[0].table)

    gathered_ms = await gather_settled(engine, ROLLUPS[0], stored_ms=long_after)
    during = await mark(engine, ROLLUPS[0].table)
    days = await noted(engine, project_id)
    await gather_settled(engine, ROLLUPS[0], stored_ms=long_after, gathered_ms=gathered_ms)

    assert (during, days) == (before, ["2026-05-01", "2026-05-02"])
    assert await mark(engine, ROLLUPS[0].table) == gathered_ms > before


@pytest.mark.parametrize(("spent", "pause"), [(0.0, 60.0), (6.0, 60.0), (20.0, 180.0)])
def test_gathering_leaves_nine_tenths_of_the_time_to_others(spent: float, pause: float) -> None:
    assert pause_after(spent) == pytest.approx(pause)


def _hardly(_: float) -> float:
    return 0.01


def _now_ms() -> int:
    return int(time.time() * 1_000)


def _gathering(pool: Pool) -> AbstractAsyncContextManager[None]:
    counts = Counts(pool, NOTHING)
    return gathering(pool, counts, Marks(pool), stored_until_ms=_now_ms, pause_after=_hardly)


class _Away:
    """An engine that answers nothing, however often it is asked."""

    def __init__(self) -> None:
        self.asked_again = asyncio.Event()
        self._asked = False

    async def look_up(self, *_: object) -> Rows:
        if self._asked:
            self.asked_again.set()
        self._asked = True
        raise UnavailableError("no")


async def test_noting_goes_on_when_the_engine_was_away() -> None:
    away = _Away()

    pool = cast("Pool", away)
    gathers = _gathering(pool)
    async with gathers, asyncio.timeout(PATIENCE):
        await away.asked_again.wait()


class _Half:
    """An engine that stores nothing in one rollup."""

    def __init__(self, engine: Pool) -> None:
        self._engine = engine
        self.marked = asyncio.Event()

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    async def insert(self, table: str, rows: pa.Table) -> None:
        await self._engine.insert(table, rows)
        if table.startswith(ROLLUPS[0].table):
            self.marked.set()

    async def alter(self, statement: Statement) -> None:
        if ROLLUPS[1].table in statement.text:
            raise UnavailableError("no")
        await self._engine.alter(statement)


async def test_a_rollup_that_fails_is_not_in_the_way_of_another(
    engine: Pool, writer: Writer, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Events of other tests may have arrived years from now, and these after them.
    monkeypatch.setattr(gathering_module, "_SETTLED_MS", -A_CENTURY_MS)
    await forget(engine)
    await store(writer, project_id, [at(0)])
    await store(writer, project_id, [at(1)])
    before = [await mark(engine, rollup.table) for rollup in ROLLUPS]

    half = _Half(engine)
    pool = cast("Pool", half)
    gathers = _gathering(pool)
    async with gathers, asyncio.timeout(PATIENCE):
        await half.marked.wait()

    assert await noted(engine, project_id) == ["2026-05-01", "2026-05-02"]
    assert await mark(engine, ROLLUPS[1].table) == before[1]


# Each event is of another person: more groups than fit into the memory of a statement.
SMALL = """
    import asyncio, sys
    from datetime import UTC, datetime, timedelta
    from pathlib import Path
    import pyarrow as pa
    from eventglass.engine.embedded import open_embedded
    from eventglass.engine.engine import Limits
    from eventglass.engine.settings import EngineSettings
    from eventglass.ingest.rollups import gather
    from eventglass.sql.statement import Statement

    TIME = pa.array([datetime(2026, 5, 1, tzinfo=UTC)] * 50_000, pa.timestamp("ms", tz="UTC"))
    SAME = {"project_id": ["p"] * 50_000, "event": ["x"] * 50_000, "time": TIME, "received_at": TIME}

    async def main() -> None:
        engine = open_embedded(Path(sys.argv[1]), EngineSettings(max_memory_bytes=128 * 2**20))
        for first in range(1, 1_000_000, 50_000):
            persons = pa.array(range(first, first + 50_000), pa.uint64())
            await engine.insert("events", pa.table({**SAME, "person": persons}))
        await gather(engine, until_ms=int(datetime(2026, 5, 2, tzinfo=UTC).timestamp()) * 1_000)
        found = await engine.query(Statement(text="SELECT count() FROM active_hours"), Limits())
        print("told", *found.columns[0])

    asyncio.run(main())
"""


def test_what_does_not_fit_into_memory_is_gathered_all_the_same(tmp_path: Path) -> None:
    assert told(SMALL, tmp_path) == "1000000"
