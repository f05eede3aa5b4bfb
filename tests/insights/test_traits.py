"""What is known of persons, in conditions and breakdowns."""

from typing import Any

import pytest

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.writer import Writer
from eventglass.sql.statement import Statement
from tests.identity.saying import alias, ask, happen, identify

KPI = {"visualization": "VISUALIZATION_KPI", "aggregation": "AGGREGATION_COUNT"}


def equals(name: str, value: object) -> dict[str, Any]:
    return {"property": name, "operator": "OPERATOR_EQUALS", "value": value}


async def count(engine: Pool, register: Register, project_id: str, *filters: dict[str, Any]) -> float:
    found = await ask(engine, register, project_id, {**KPI, "filters": list(filters)})
    number: float = found["kpis"][0]["value"]
    return number


async def by(engine: Pool, register: Register, project_id: str, name: str) -> dict[object, float]:
    """Count events by the values of a property."""
    spec = {"breakdown": {"property": name}, "visualization": "VISUALIZATION_TABLE"}
    found = await ask(engine, register, project_id, spec)
    return {_content(row["dimensions"][0]): row["value"] for row in found["rows"]}


def _content(dimension: dict[str, Any]) -> object:
    return next((dimension[kind] for kind in ("text", "number", "boolean") if kind in dimension), None)


async def test_a_trait_is_what_it_is_now_and_what_it_was(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, *(("view", hour, "ann") for hour in (1, 2, 3, 4)), ("view", 5, "~phone"))
    await identify(register, project_id, "ann", traits={"plan": "free"}, timestamp="2026-05-01T02:00:00Z")
    await identify(
        register, project_id, "ann", "phone", traits={"plan": "pro"}, timestamp="2026-05-01T04:00:00Z"
    )

    now = await by(engine, register, project_id, "$user.plan")
    then = await by(engine, register, project_id, "$user_at_event.plan")

    assert now == {"pro": 5}
    assert then == {None: 1, "free": 2, "pro": 2}
    assert await count(engine, register, project_id, equals("$user.plan", "pro")) == 5
    assert await count(engine, register, project_id, equals("$user_at_event.plan", "free")) == 2


async def test_a_late_call_undoes_nothing(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("view", 1, "ann"), ("view", 5, "ann"))
    await identify(register, project_id, "ann", traits={"plan": "pro"}, timestamp="2026-05-01T04:00:00Z")
    await identify(register, project_id, "ann", traits={"plan": "free"}, timestamp="2026-05-01T00:00:00Z")

    assert await by(engine, register, project_id, "$user.plan") == {"pro": 2}
    assert await by(engine, register, project_id, "$user_at_event.plan") == {"free": 1, "pro": 1}


async def test_traits_are_typed_and_taken_away(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    traits = {"n": 5, "t": "5", "b": True, "l": [1, "a"], "o": {"x": {"y": "deep"}}, "gone": "x"}
    await happen(writer, project_id, ("view", 1, "ann"))
    await identify(register, project_id, "ann", traits=traits)
    await identify(register, project_id, "ann", traits={"gone": None})

    found = {
        name: await by(engine, register, project_id, f"$user.{name}") for name in (*traits, "o.x.y", "o.x")
    }

    assert found == {
        "n": {5: 1},
        "t": {"5": 1},
        "b": {True: 1},
        "l": {'[1,"a"]': 1},
        "o": {'{"x":{"y":"deep"}}': 1},
        "o.x": {'{"y":"deep"}': 1},
        "o.x.y": {"deep": 1},
        "gone": {None: 1},
    }


async def test_a_person_has_the_traits_of_all_their_ids(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("view", 1, "old"), ("view", 2, "new"))
    await identify(register, project_id, "old", traits={"plan": "free", "age": 40})
    await identify(register, project_id, "new", traits={"plan": "pro"})

    await alias(register, project_id, "old", "new")

    assert await by(engine, register, project_id, "$user.plan") == {"pro": 2}
    assert await by(engine, register, project_id, "$user.age") == {40: 2}


async def test_an_event_of_nobody_has_no_traits(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("view", 1, ""), ("view", 1, "~phone"))
    await identify(register, project_id, "ann", traits={"plan": "pro"})

    assert await by(engine, register, project_id, "$user.plan") == {None: 2}
    assert await by(engine, register, project_id, "$user_at_event.plan") == {None: 2}


@pytest.mark.parametrize("name", ["'", "`", "\\", "{p0:String}", "größe 🙂", "a.b..c", ".x", "x."])
async def test_hostile_names(
    name: str, engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("view", 1, "ann"))
    await identify(register, project_id, "ann", traits={name: "here"})

    assert await by(engine, register, project_id, f"$user.{name}") == {"here": 1}
    assert await by(engine, register, project_id, f"$user_at_event.{name}") == {None: 1}


async def test_what_is_known_already_is_not_stored_again(
    engine: Pool, register: Register, project_id: str
) -> None:
    await identify(register, project_id, "ann", traits={"plan": "pro", "age": 40})
    before = register.people(project_id)

    for _ in range(3):
        await identify(register, project_id, "ann", traits={"plan": "pro", "age": 40})

    assert await stored(engine, project_id) == 2
    assert register.people(project_id) == before


async def stored(engine: Pool, project_id: str) -> int:
    """Count the stored traits of a project."""
    text = "SELECT count() FROM traits WHERE project_id = {project:String}"
    rows = await engine.query(Statement(text=text, parameters={"project": project_id}), Limits())
    return int(rows.columns[0][0])
