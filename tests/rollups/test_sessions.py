"""Questions about sessions are right whatever is gathered of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.commit import newest_arrival
from eventglass.ingest.rollups import ROLLUPS, gathered
from eventglass.ingest.writer import Writer
from tests.identity.saying import alias, erase
from tests.insights.asking import ask, did, store
from tests.killing import told
from tests.rollups.gathering import LENGTHS, at, bounces, gather_all, per_session


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
    from tests.rollups.gathering import SESSIONS, at, gather_all
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
