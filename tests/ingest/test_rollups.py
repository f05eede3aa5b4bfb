"""Rollups are gathered behind the writer, and questions that read them are right at any moment."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pytest
import pytest_asyncio

from eventglass.engine.engine import Limits, Rows
from eventglass.engine.pool import Pool
from eventglass.errors import UnavailableError
from eventglass.identity.register import Register
from eventglass.ingest import rollups as gathering_module
from eventglass.ingest.commit import newest_arrival
from eventglass.ingest.identity import key_of
from eventglass.ingest.rollups import (
    ROLLUPS,
    Rollup,
    gather,
    gather_settled,
    gathered,
    gathering,
    mark,
    pause_after,
)
from eventglass.ingest.writer import Writer, open_writer
from eventglass.sql.statement import Statement
from events.v1.event_pb2 import Event
from tests.identity.saying import alias, erase, happen, users
from tests.insights.asking import ask, did, store
from tests.killing import told
from tests.marks import forget
from tests.patience import PATIENCE

_DAY = 86_400_000
SESSIONS = {"aggregation": "AGGREGATION_EVENTS_PER_SESSION", "visualization": "VISUALIZATION_KPI"}
LENGTHS = {"aggregation": "AGGREGATION_AVERAGE_SESSION_DURATION", "visualization": "VISUALIZATION_KPI"}
BOUNCES = {
    "events": [{"aggregation": "AGGREGATION_SESSIONS"}, {"aggregation": "AGGREGATION_BOUNCE_RATE"}],
    "visualization": "VISUALIZATION_KPI",
}


@pytest_asyncio.fixture(loop_scope="session")
async def writer(engine: Pool) -> AsyncIterator[Writer]:
    """One whose events arrive after all others."""
    opened = await open_writer(engine)
    yield opened
    await opened.close()
    await forget(engine)


def at(day: float, session: str = "s", name: str = "x") -> Event:
    """An event of a session, so many days from 1 May 2026."""
    event = did(name, int(day * _DAY))
    event.session_id = session
    return event


async def hours(engine: Pool, project_id: str) -> list[tuple[str, int]]:
    """Say who was active in which hour, as it is gathered."""
    text = "SELECT toString(hour), person FROM active_hours FINAL WHERE project_id = {p:String} ORDER BY ALL"
    rows = await engine.query(Statement(text=text, parameters={"p": project_id}, columns=2), Limits())
    return [(hour.removesuffix(":00:00.000"), person) for hour, person in zip(*rows.columns, strict=True)]


async def noted(engine: Pool, project_id: str) -> list[str]:
    """Say which days are noted, once each."""
    text = "SELECT toString(day) FROM session_days FINAL WHERE project_id = {p:String} ORDER BY day"
    rows = await engine.query(Statement(text=text, parameters={"p": project_id}, columns=1), Limits())
    return [str(day) for day in rows.columns[0]]


async def gather_all(engine: Pool) -> None:
    await gather(engine, until_ms=await newest_arrival(engine) + 1)


async def bounces(engine: Pool, project_id: str, **scope: Any) -> tuple[float, float]:
    """Give how many sessions begin on 1 May 2026, and which share of them bounces."""
    counted, bounced = (await ask(engine, project_id, BOUNCES, **scope)).kpis
    return counted.value, bounced.value


async def per_session(engine: Pool, project_id: str) -> float:
    """Give the events of a session that begins on 1 May 2026."""
    return (await ask(engine, project_id, SESSIONS)).kpis[0].value


async def test_each_day_of_a_session_is_noted_once(engine: Pool, writer: Writer, project_id: str) -> None:
    await store(writer, project_id, [at(0), at(0), at(1, "t"), at(1), did("of no session", 2 * _DAY)])

    await gather_all(engine)
    await gather_all(engine)
    await store(writer, project_id, [at(0), at(-3)])
    await gather_all(engine)

    assert await noted(engine, project_id) == ["2026-04-28", "2026-05-01", "2026-05-02", "2026-05-02"]


async def long(engine: Pool, project_id: str) -> list[tuple[int, str]]:
    """Say which days of sessions with several are noted besides, once each."""
    text = "SELECT session, toString(day) FROM long_sessions FINAL WHERE project_id = {p:String} ORDER BY ALL"
    rows = await engine.query(Statement(text=text, parameters={"p": project_id}, columns=2), Limits())
    return list(zip(*rows.columns, strict=True))


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


async def test_each_hour_of_a_person_is_gathered_once(engine: Pool, writer: Writer, project_id: str) -> None:
    nobody = did("x", 0, user="")
    minute = 60_000
    moments = [0, 59 * minute, 60 * minute, -1, 25 * 60 * minute]

    await store(writer, project_id, [*(did("x", each) for each in moments[:3]), nobody])
    await gather_all(engine)
    await gather_all(engine)
    await store(writer, project_id, [did("y", each) for each in moments])
    await gather_all(engine)

    anna = key_of("anna")
    assert await hours(engine, project_id) == [
        ("2026-05-01 11", anna),
        ("2026-05-01 12", anna),
        ("2026-05-01 13", anna),
        ("2026-05-02 13", anna),
    ]


@pytest.mark.parametrize("at", ["1900-01-01T00:30:00Z", "1969-12-31T23:59:59.999Z"])
async def test_hours_are_those_of_all_years(engine: Pool, writer: Writer, project_id: str, at: str) -> None:
    event = did("x", 0)
    event.timestamp.FromJsonString(at)

    await store(writer, project_id, [event])
    await gather_all(engine)

    ((hour, _),) = await hours(engine, project_id)
    assert hour == at[:13].replace("T", " ")


@pytest.mark.parametrize("before", [0, 1, 2, 3], ids="{} noted".format)
async def test_sessions_are_whole_whatever_is_noted(
    engine: Pool, writer: Writer, project_id: str, before: int
) -> None:
    # The other session began before; so would this one, if its days of June were not found.
    for arrived, events in enumerate([[at(0), at(-20, "t")], [at(40), at(0, "t")], [at(20), at(60)]]):
        if arrived == before:
            await gather_all(engine)
        await store(writer, project_id, events)
    if before == 3:
        await gather_all(engine)

    value = await per_session(engine, project_id)

    assert value == 4


@pytest.mark.parametrize("gathers", [(), (0,), (1,), (0, 1), (0, 1, 2)], ids="after {}".format)
async def test_a_session_of_one_event_is_told_from_others_whatever_is_gathered(
    engine: Pool, writer: Writer, project_id: str, gathers: tuple[int, ...]
) -> None:
    # Of one millisecond each, but for the last: those that come at once, or later; of an event alone;
    # and of two days, in one batch.
    once = [at(0, "once"), at(0, "once"), at(0, "later"), at(0, "alone"), at(0, "days"), at(1, "days")]
    found = []
    for stage, events in enumerate([once, [at(0, "later"), at(0, "new")], [at(0, "new")]]):
        await store(writer, project_id, events)
        if stage in gathers:
            await gather_all(engine)
        found.append(await bounces(engine, project_id))

    assert found == [(4, 2 / 4), (5, 2 / 5), (5, 1 / 5)]


@pytest.mark.parametrize("again", ["from the begin", "of a part"])
async def test_what_is_gathered_twice_is_no_second_event(
    engine: Pool, writer: Writer, project_id: str, again: str
) -> None:
    await gather_all(engine)
    since_ms = await newest_arrival(engine) + 1
    await store(writer, project_id, [at(0), at(0, "t"), at(0, "t")])
    half_ms = await newest_arrival(engine) + 1
    await store(writer, project_id, [at(0, "u")])
    until_ms = await newest_arrival(engine) + 1
    first_ms = since_ms if again == "from the begin" else half_ms
    for _ in range(2):
        await engine.alter(gathered(ROLLUPS[0], first_ms, until_ms, memory_bytes=2**20))
    before = await bounces(engine, project_id)

    await gather_all(engine)

    assert before == await bounces(engine, project_id) == (3, 2 / 3)


@pytest.mark.parametrize("gathers", [(), (0,), (0, 1)], ids="after {}".format)
async def test_sessions_of_joined_persons_are_one_whatever_is_gathered(
    engine: Pool, writer: Writer, register: Register, project_id: str, gathers: tuple[int, ...]
) -> None:
    found = []
    # Of the same millisecond and batch.
    for stage, who in enumerate([("ann", "bob"), ("cem",)]):
        events = [did("x", 0, user=each) for each in who]
        for event in events:
            event.session_id = "s"
        await store(writer, project_id, events)
        if stage in gathers:
            await gather_all(engine)
        found.append(await bounces(engine, project_id))

    await alias(register, project_id, "ann", "bob")

    assert found == [(2, 1), (3, 1)]
    assert await bounces(engine, project_id, people=register.people(project_id)) == (2, 1 / 2)


@pytest.mark.parametrize("gathers", [False, True])
async def test_of_a_session_what_is_later_than_now_is_not_there(
    engine: Pool, writer: Writer, project_id: str, gathers: bool
) -> None:
    day = datetime(2026, 5, 1, tzinfo=UTC)
    await store(writer, project_id, [at(0), at(0.25), at(0.25, "t"), at(1), at(2)])
    if gathers:
        await gather_all(engine)

    # At 11:00, at noon, at 15:00 and a day later.
    nows = [day + timedelta(hours=each) for each in (11, 12, 15, 18, 42)]
    found = [await bounces(engine, project_id, now=each) for each in nows]

    assert [counted for counted, _ in found] == [0, 1, 1, 2, 2]
    assert [bounced for _, bounced in found[1:]] == [1, 1, 1 / 2, 1 / 2]


@pytest.mark.parametrize("gathers", [(), (0,), (1,), (0, 1), (0, 1, 2)], ids="after {}".format)
async def test_of_a_session_in_which_somebody_is_erased_what_comes_after_is_left(
    engine: Pool, writer: Writer, register: Register, project_id: str, gathers: tuple[int, ...]
) -> None:
    found = []
    for stage, hours in enumerate([(0.0, 0.1, 0.5), (0.2,), (0.3, 1.5)]):
        await store(writer, project_id, [at(hour / 24) for hour in hours] + [at(0, "t")] * (stage == 2))
        if stage in gathers:
            await gather_all(engine)
        found.append(await bounces(engine, project_id, people=register.people(project_id)))
        if stage == 0:
            await erase(register, project_id, "anna", now=datetime(2026, 5, 1, 12, 20, tzinfo=UTC))

    # Erased at 12:20: of the session the event of 12:30 is left, and what comes after that.
    assert found == [(1, 0), (1, 1), (1, 0)]


@pytest.mark.parametrize("gathers", [(), (0,), (1,), (0, 1), (1, 2), (0, 1, 2)], ids="after {}".format)
async def test_lengths_of_sessions_are_whole_whatever_is_gathered(
    engine: Pool, writer: Writer, project_id: str, gathers: tuple[int, ...]
) -> None:
    found = []
    # The one session of the day gets days before and after it; the others are of other days.
    for stage, events in enumerate([[at(0), at(-9, "t")], [at(7), at(9, "t")], [at(2), at(-9, "u")]]):
        await store(writer, project_id, events)
        if stage in gathers:
            await gather_all(engine)
        found.append((await ask(engine, project_id, LENGTHS)).kpis[0].value)
    await store(writer, project_id, [at(-1)])

    assert found == [0, 7 * 86_400, 7 * 86_400]
    assert await bounces(engine, project_id) == (0, 0)


# In an engine of its own: rows of other projects would be read beside these.
READ = """
    import asyncio, sys
    from pathlib import Path
    from eventglass.engine.embedded import open_embedded
    from eventglass.ingest.writer import open_writer
    from tests.ingest.test_rollups import SESSIONS, at, gather_all
    from tests.insights.asking import ask, store

    async def main() -> None:
        engine = open_embedded(Path(sys.argv[1]))
        writer = await open_writer(engine)
        others = [at(-day, f"{day}") for day in range(40, 140) for _ in range(20)]
        await store(writer, "p", [at(0), at(1), *others])
        before = await ask(engine, "p", SESSIONS)
        await gather_all(engine)
        after = await ask(engine, "p", SESSIONS)
        print("told", int(after.kpis[0].value), before.metadata.rows_read, after.metadata.rows_read)
        await writer.close()
        await engine.close()

    asyncio.run(main())
"""


def test_days_without_an_event_of_the_sessions_are_not_read(tmp_path: Path) -> None:
    value, before, after = map(float, told(READ, tmp_path).split())

    # Of the other 2,000 events only the notes are read, one for 20 events, and twice.
    assert value == 2
    assert before > 2_000
    assert after < 400


@pytest.mark.parametrize("gathers", [(), (0,), (1,), (0, 1), (0, 1, 2)], ids="after {}".format)
async def test_who_is_erased_and_comes_back_within_an_hour_is_there_once(
    engine: Pool, writer: Writer, register: Register, project_id: str, gathers: tuple[int, ...]
) -> None:
    found = []
    # What comes late, of before the erasure, stays gone; what is done after it is a new person's.
    for stage, done in enumerate(
        [
            [("a", 100.1, "ann"), ("a", 100.1, "bob")],
            [("late", 100.2, "ann")],
            [("again", 100.7, "ann"), ("again", 100.8, "ann")],
        ]
    ):
        await happen(writer, project_id, *done)
        if stage in gathers:
            await gather_all(engine)
        found.append(await users(engine, register, project_id))
        if stage == 0:
            await erase(register, project_id, "ann", now=datetime(2026, 5, 5, 4, 30, tzinfo=UTC))

    assert found == [2, 1, 2]


async def test_an_hour_that_is_not_over_has_no_event_that_is_later_than_now(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 100.1, "ann"), ("a", 100.9, "ann"), ("a", 100.8, "bob"))
    await gather_all(engine)

    at = [datetime(2026, 5, 5, 4, minute, tzinfo=UTC) for minute in (5, 6, 47, 48, 59)]
    found = [await users(engine, register, project_id, now=each) for each in at]

    assert found == [0, 1, 1, 2, 2]


async def test_the_newest_commit_is_left_for_the_next_time(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    newest_ms = await newest_arrival(engine)
    long_after = newest_ms + 3_600_000
    await store(writer, project_id, [at(0)])
    await store(writer, project_id, [at(1)])

    await gather_settled(engine, ROLLUPS[0], now_ms=long_after)
    settled = await noted(engine, project_id)
    await store(writer, project_id, [at(2)])
    await gather_settled(engine, ROLLUPS[0], now_ms=await newest_arrival(engine))

    assert settled == ["2026-05-01"]
    assert await noted(engine, project_id) == settled


async def test_the_mark_moves_when_questions_that_began_before_its_rows_are_over(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    await store(writer, project_id, [at(0)])
    await store(writer, project_id, [at(1)])
    long_after = await newest_arrival(engine) + 3_600_000
    before = await mark(engine, ROLLUPS[0])

    gathered_ms = await gather_settled(engine, ROLLUPS[0], now_ms=long_after)
    during = await mark(engine, ROLLUPS[0])
    days = await noted(engine, project_id)
    await gather_settled(engine, ROLLUPS[0], now_ms=long_after, gathered_ms=gathered_ms)

    assert (during, days) == (before, ["2026-05-01"])
    assert await mark(engine, ROLLUPS[0]) == gathered_ms > before


@pytest.mark.parametrize(("spent", "pause"), [(0.0, 60.0), (6.0, 60.0), (20.0, 180.0)])
def test_gathering_leaves_nine_tenths_of_the_time_to_others(spent: float, pause: float) -> None:
    assert pause_after(spent) == pytest.approx(pause)


def _hardly(_: float) -> float:
    return 0.01


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

    async with gathering(cast("Pool", away), pause_after=_hardly), asyncio.timeout(PATIENCE):
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
        self.marked.set()

    async def alter(self, statement: Statement) -> None:
        if ROLLUPS[1].table in statement.text:
            raise UnavailableError("no")
        await self._engine.alter(statement)


async def test_a_rollup_that_fails_is_not_in_the_way_of_another(
    engine: Pool, writer: Writer, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Events of other tests arrived just now, and these after them.
    monkeypatch.setattr(gathering_module, "_SETTLED_MS", -3_600_000)
    await forget(engine)
    await store(writer, project_id, [at(0)])
    await store(writer, project_id, [at(1)])
    before = [await mark(engine, rollup) for rollup in ROLLUPS]

    half = _Half(engine)
    async with gathering(cast("Pool", half), pause_after=_hardly), asyncio.timeout(PATIENCE):
        await half.marked.wait()

    assert await noted(engine, project_id) == ["2026-05-01"]
    assert await mark(engine, ROLLUPS[1]) == before[1]


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
