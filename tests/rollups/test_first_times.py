"""First times are gathered, and questions that read them are right at any moment."""

from datetime import UTC, datetime

import pytest

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.identity import key_of
from eventglass.ingest.writer import Writer
from eventglass.sql.statement import Statement
from tests.identity.saying import alias, ask, erase, happen
from tests.insights.asking import did, store
from tests.rollups.gathering import gather_all

_MINUTE = 60_000
_NOW = datetime(2026, 7, 1, tzinfo=UTC)
# By day, of the first four days of May 2026.
_NEW = {
    "aggregation": "AGGREGATION_UNIQUE_USERS",
    "timeRange": {"start": "2026-05-01T00:00:00Z", "end": "2026-05-05T00:00:00Z"},
}


async def _first_times(engine: Pool, project_id: str) -> list[tuple[str, int, str]]:
    text = """SELECT event, person, toString(first) FROM first_times FINAL
        WHERE project_id = {p:String} ORDER BY ALL"""
    rows = await engine.query(Statement(text=text, parameters={"p": project_id}, columns=3), Limits())
    return list(zip(*rows.columns, strict=True))


async def _new(engine: Pool, register: Register, project_id: str, name: str = "a") -> list[float]:
    """Count the new users of a name on each of four days."""
    found = await ask(
        engine, register, project_id, {**_NEW, "events": [{"name": name, "firstTime": True}]}, now=_NOW
    )
    return [point["value"] for point in found["series"]]


async def test_the_first_time_of_each_name_and_of_any_is_gathered(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    await store(writer, project_id, [did("x", _MINUTE), did("x", 0, user=""), did("y", 2 * _MINUTE)])
    await gather_all(engine)
    await gather_all(engine)
    await store(writer, project_id, [did("x", 3 * _MINUTE), did("y", 0)])
    await gather_all(engine)

    anna = key_of("anna")
    assert await _first_times(engine, project_id) == [
        ("", anna, "2026-05-01 12:00:00.000"),
        ("x", anna, "2026-05-01 12:01:00.000"),
        ("y", anna, "2026-05-01 12:00:00.000"),
    ]


@pytest.mark.parametrize("gathers", [(), (0,), (1,), (0, 1), (0, 1, 2, 3)], ids="after {}".format)
async def test_a_first_time_is_known_at_once(
    engine: Pool, writer: Writer, register: Register, project_id: str, gathers: tuple[int, ...]
) -> None:
    found, of_any = [], []
    for stage, done in enumerate(
        [
            [("a", 50.0, "ann"), ("a", 50.0, "bob"), ("b", 1.0, "ann")],
            # An earlier one comes late.
            [("a", 30.0, "ann"), ("a", 60.0, "ann")],
            # Who is somebody else's id was there before.
            [("a", 2.0, "~bobby")],
            [("a", 80.0, "eve")],
        ]
    ):
        await happen(writer, project_id, *done)
        if stage in gathers:
            await gather_all(engine)
        if stage == 2:
            await alias(register, project_id, "bobby", "bob")
        found.append(await _new(engine, register, project_id))
        of_any.append(await _new(engine, register, project_id, name=""))

    assert found == [[0, 0, 2, 0], [0, 1, 1, 0], [1, 1, 0, 0], [1, 1, 0, 1]]
    assert of_any == [[1, 0, 1, 0], [1, 0, 1, 0], [2, 0, 0, 0], [2, 0, 0, 1]]


@pytest.mark.parametrize("gathers", [(), (0,), (1,), (0, 1), (0, 1, 2)], ids="after {}".format)
async def test_who_is_erased_and_comes_back_is_new(
    engine: Pool, writer: Writer, register: Register, project_id: str, gathers: tuple[int, ...]
) -> None:
    found = []
    # What comes late, of before the erasure, stays gone; what is done after it is a new person's.
    for stage, done in enumerate(
        [
            [("a", 1.0, "ann"), ("a", 1.0, "bob")],
            [("a", 26.0, "ann")],
            [("a", 75.0, "ann"), ("a", 76.0, "ann")],
        ]
    ):
        await happen(writer, project_id, *done)
        if stage in gathers:
            await gather_all(engine)
        found.append(await _new(engine, register, project_id))
        if stage == 0:
            await erase(register, project_id, "ann", now=datetime(2026, 5, 3, tzinfo=UTC))

    assert found == [[2, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 1]]
