"""How many events there were in which hour is gathered, and each is counted once whatever happens."""

from datetime import UTC, datetime, timedelta

import pytest

from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest import event_hours
from eventglass.ingest.commit import newest_arrival
from eventglass.ingest.counts_mark import mark, tell
from eventglass.ingest.event_hours import gather, open_counts
from eventglass.ingest.writer import Writer
from tests.identity.saying import erase, happen
from tests.insights.asking import ask, did, store
from tests.rollups.counting import after_stages, count, counted, cut_off, editions, gather_now, plant, rows_of


@after_stages
async def test_each_event_counts_once_whatever_is_gathered(
    engine: Pool, writer: Writer, register: Register, project_id: str, gathers: tuple[int, ...]
) -> None:
    found = []
    for stage in range(3):
        # The same hours again, of which others are gathered.
        await happen(writer, project_id, ("a", 100.1, "ann"), ("a", 100.9, "ann"), ("b", 101 + stage, "~x"))
        await store(writer, project_id, [did("a", stage, user="")])
        if stage in gathers:
            await gather_now(engine)
        names = ("a", "b", "")
        found.append([await count(engine, register, project_id, each) for each in names])

    assert found == [[3, 1, 4], [6, 2, 8], [9, 3, 12]]


async def test_counts_are_read_where_they_are_gathered(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 100, "ann"))
    await gather_now(engine)

    await plant(engine, project_id, 41)

    assert await count(engine, register, project_id) == 42


@pytest.mark.parametrize("at", ["1900-01-01T00:30:00Z", "1969-12-31T23:59:59.999Z"])
async def test_hours_are_those_of_all_years(
    engine: Pool, writer: Writer, register: Register, project_id: str, at: str
) -> None:
    event = did("x", 0)
    event.timestamp.FromJsonString(at)
    await store(writer, project_id, [event])
    await gather_now(engine)

    begin = datetime.fromisoformat(f"{at[:10]}T00:00:00+00:00")
    days = {"start": begin.isoformat(), "end": (begin + timedelta(days=1)).isoformat()}
    spec = {"timeRange": days, "granularity": "GRANULARITY_HOUR"}
    known = await counted(engine, register, project_id)
    answers = [await ask(engine, project_id, spec, counted=each) for each in (known, None)]

    assert answers[0].series == answers[1].series
    assert [int(at[11:13])] == [place for place, each in enumerate(answers[0].series) if each.value == 1]


async def test_what_was_cut_off_before_its_mark_does_not_count(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    found = []
    for hour in range(3):
        await happen(writer, project_id, ("a", 100 + hour / 2, "ann"))
        await cut_off(engine)
        found.append(await count(engine, register, project_id, "a"))
    await gather_now(engine)
    found.append(await count(engine, register, project_id, "a"))

    assert found == [1, 2, 3, 3]


async def test_a_later_gathering_may_end_earlier_than_one_that_was_cut_off(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    """As when the newest event is erased in between, or the clock is set back."""
    await happen(writer, project_id, ("a", 100, "ann"))
    between = await newest_arrival(engine) + 1
    await happen(writer, project_id, ("a", 100.5, "ann"))
    await cut_off(engine)

    await gather(engine, between)

    assert await count(engine, register, project_id) == 2


async def test_two_marks_at_once_are_both_true(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 100, "ann"))
    marks = [each for each in (await cut_off(engine), await cut_off(engine)) if each]
    assert len(marks) == 2
    for each in marks:
        await tell(engine, each)
    found = [await count(engine, register, project_id)]
    await happen(writer, project_id, ("a", 100.5, "ann"))
    await gather_now(engine)
    # One that the engine takes in late.
    await tell(engine, marks[0])
    found.append(await count(engine, register, project_id))

    assert found == [1, 2]


async def test_an_edition_goes_when_the_next_has_counted_for_half_an_hour(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 100, "ann"))
    await gather_now(engine)
    first = (await mark(engine)).edition
    counts, until_ms = await open_counts(engine), await newest_arrival(engine) + 1

    seen = []
    for minute in (0, 31, 60, 62):
        if minute == 31:
            await erase(register, project_id, "bob")
        await counts.step(until_ms, at=60.0 * minute)
        seen.append([each for each in await editions(engine) if each >= first])

    both = [first, first + 1]
    assert seen == [[first], both, both, [first + 1]]
    assert await count(engine, register, project_id) == 1


async def test_what_is_gathered_waits_for_half_an_hour_or_many_events(
    engine: Pool, writer: Writer, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = await open_counts(engine)
    before = len((await mark(engine)).calls)

    async def calls_at(minute: int) -> int:
        await happen(writer, project_id, ("a", 100 + minute / 100, "ann"))
        await counts.step(await newest_arrival(engine) + 1, at=60.0 * minute)
        return len((await mark(engine)).calls) - before

    found = [await calls_at(minute) for minute in (0, 29, 31, 32)]
    monkeypatch.setattr(event_hours, "_MOST_EVENTS", 2)
    found.append(await calls_at(33))

    assert found == [1, 1, 2, 2, 3]


async def test_a_question_is_told_of_what_its_server_has_gathered(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 100, "ann"))
    counts = await open_counts(engine)
    await counts.step(await newest_arrival(engine) + 1, at=0.0)

    found = counts.of(project_id, 0)

    assert found is not None
    assert found == await counted(engine, register, project_id)
    assert counts.of(project_id, 1) is None


async def test_rows_of_many_calls_are_put_together(
    engine: Pool, writer: Writer, register: Register, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await gather_now(engine)
    before = await mark(engine)
    monkeypatch.setattr(event_hours, "_MOST_CALLS", len(before.calls) + 2)
    rows = []
    for place in range(3):
        await happen(writer, project_id, ("a", 100 + place / 10, "ann"))
        await gather_now(engine)
        rows.append(await rows_of(engine, project_id))

    assert rows == [1, 2, 1]
    assert (await mark(engine)).edition == before.edition + 1
    assert await count(engine, register, project_id) == 3


async def test_an_hour_that_is_not_over_has_no_event_that_is_later_than_now(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 100.1, "ann"), ("a", 100.9, "ann"), ("a", 100.8, "bob"))
    await gather_now(engine)

    at = [datetime(2026, 5, 5, 4, minute, tzinfo=UTC) for minute in (5, 6, 47, 48, 59)]
    found = [await count(engine, register, project_id, now=each) for each in at]

    assert found == [0, 1, 1, 2, 3]


@pytest.mark.parametrize(
    "asked", [("04:00", "08:00", 5), ("04:30", "08:00", 4), ("04:30", "07:30", 3)], ids="{0[2]}".format
)
async def test_hours_that_are_cut_count_in_part(
    engine: Pool, writer: Writer, register: Register, project_id: str, asked: tuple[str, str, int]
) -> None:
    *times, number = asked
    await happen(writer, project_id, *(("a", each, "ann") for each in (100.1, 100.9)))
    await gather_now(engine)
    # Those arrive later, and are in hours that are cut and whole.
    await happen(writer, project_id, *(("a", each, "ann") for each in (100.95, 102, 103.9)))

    start, end = (f"2026-05-05T{each}:00Z" for each in times)
    spec = {"visualization": "VISUALIZATION_KPI", "timeRange": {"start": start, "end": end}}
    known = await counted(engine, register, project_id)
    assert known is not None
    assert (await ask(engine, project_id, spec, counted=known)).kpis[0].value == number
