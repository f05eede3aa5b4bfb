"""Who was active in which hour is gathered, and questions that read it are right at any moment."""

from datetime import UTC, datetime

import pytest

from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.identity import key_of
from eventglass.ingest.writer import Writer
from tests.identity.saying import erase, happen, users
from tests.insights.asking import did, store
from tests.rollups.gathering import gather_all, hours


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
