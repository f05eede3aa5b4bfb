"""Counts by the hour leave out who was erased, and count whoever comes after that."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eventglass.engine.clickhouse import open_clickhouse
from eventglass.engine.pool import Pool
from eventglass.identity.disk import remove_erased
from eventglass.identity.register import Register, open_register
from eventglass.ingest import event_hours
from eventglass.ingest.counts_mark import mark
from eventglass.ingest.writer import Writer, open_writer
from tests.clickhouse.conftest import running
from tests.identity.saying import NOW, erase, happen
from tests.rollups.counting import after_stages, count, counted, cut_off, gather_now


@after_stages
async def test_who_is_erased_and_comes_back_counts_from_then_on(
    engine: Pool, writer: Writer, register: Register, project_id: str, gathers: tuple[int, ...]
) -> None:
    found = []
    # What comes late, of before the erasure, stays gone.
    for stage, done in enumerate(
        [
            [("a", 100.1, "ann"), ("a", 100.1, "bob")],
            [("a", 100.2, "ann")],
            [("a", 100.7, "ann"), ("a", 100.8, "ann")],
        ]
    ):
        await happen(writer, project_id, *done)
        if stage in gathers:
            await gather_now(engine)
        found.append(await count(engine, register, project_id))
        if stage == 0:
            await erase(register, project_id, "ann", now=datetime(2026, 5, 5, 4, 30, tzinfo=UTC))
            found.append(await count(engine, register, project_id))

    assert found == [2, 1, 1, 3]


async def test_events_are_read_until_an_edition_knows_of_the_erasures(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    other = f"{project_id}-other"
    await happen(writer, project_id, ("a", 100, "ann"), ("a", 100, "bob"))
    await happen(writer, other, ("a", 100, "ann"))
    await erase(register, other, "eve")
    await gather_now(engine)
    first = (await mark(engine)).edition

    await erase(register, project_id, "ann")
    between = [bool(await counted(engine, register, each)) for each in (project_id, other)]
    # The next edition is half made, and then whole.
    await cut_off(engine)
    half = [await count(engine, register, each) for each in (project_id, other)]
    await gather_now(engine)
    after = [bool(await counted(engine, register, each)) for each in (project_id, other)]

    assert (between, half, after) == ([False, True], [1, 1], [True, True])
    assert [await count(engine, register, each) for each in (project_id, other)] == [1, 1]
    # What was cut off has a number of its own, so that it is dropped.
    assert (await mark(engine)).edition == first + 2


async def test_traits_that_are_erased_leave_counts_as_they_are(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 100, "ann"))
    await gather_now(engine)

    await erase(register, project_id, "ann", with_events=False)

    assert await counted(engine, register, project_id)


async def test_an_erasure_while_an_edition_is_gathered_waits_for_the_next(
    engine: Pool, writer: Writer, register: Register, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await happen(writer, project_id, ("a", 100, "ann"), ("a", 100, "bob"))
    known = await event_hours._erasures(engine)
    await erase(register, project_id, "ann")

    async def of_before(_: Pool) -> dict[str, int]:
        return known

    with monkeypatch.context() as patch:
        patch.setattr(event_hours, "_erasures", of_before)
        await gather_now(engine)
    before = await count(engine, register, project_id)
    await gather_now(engine)

    assert (before, await count(engine, register, project_id)) == (1, 1)


async def test_what_leaves_the_disk_leaves_counts_as_they_were(tmp_path: Path, project_id: str) -> None:
    with running(tmp_path) as server:
        engine = open_clickhouse(server.dsn)
        writer, register = await open_writer(engine), await open_register(engine)
        found = []
        await happen(writer, project_id, ("a", 100, "bob"), ("a", 100, "ann"))
        await happen(writer, project_id, ("a", 200, "ann"))
        await gather_now(engine)
        await erase(register, project_id, "ann", now=NOW + timedelta(days=1))
        # One of the arrivals that are gathered already, and what was cut off when more was there.
        await cut_off(engine)
        await remove_erased(engine, project_id, None)
        found.append(await count(engine, register, project_id))
        await gather_now(engine)
        found.append(await count(engine, register, project_id))
        found.append(await count(engine, register, project_id, rollups=False))
        await register.close()
        await writer.close()
        await engine.close()

    assert found == [1, 1, 1]


async def test_what_comes_after_the_newest_event_left_the_disk_and_the_clock_is_set_back_counts(
    tmp_path: Path, project_id: str
) -> None:
    with running(tmp_path) as server:
        engine = open_clickhouse(server.dsn)
        register, writer = await open_register(engine), await open_writer(engine)
        await happen(writer, project_id, ("a", 100, "bob"))
        await happen(writer, project_id, ("a", 100, "ann"), now=NOW + timedelta(days=1))
        await gather_now(engine)
        await erase(register, project_id, "ann", now=NOW + timedelta(days=1, hours=1))
        await remove_erased(engine, project_id, None)
        await writer.close()
        writer, found = await open_writer(engine), []

        for hour in (101, 102):
            await happen(writer, project_id, ("a", hour, "bob"))
            await gather_now(engine)
            found.append(await count(engine, register, project_id))

        for each in (register, writer, engine):
            await each.close()
    assert found == [2, 3]
