"""How many events have which value of a promoted property is counted by the hour, where values are few."""

from collections.abc import Mapping
from typing import Any

import pytest

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.engine.promoted import promote
from eventglass.identity.register import Register
from eventglass.ingest import counted_properties
from eventglass.ingest.counts_mark import mark
from eventglass.ingest.event_hours import leave_out_erased
from eventglass.ingest.writer import Writer
from eventglass.sql.statement import Statement
from insights.v1.query_service_pb2 import QueryResponse
from tests.identity.saying import MAY, erase
from tests.insights.asking import ask, did, store
from tests.rollups.counting import after_stages, counted, cut_off, gather_now

HOUR = 3_600_000
VALUES = ("pro", "free", 5, "5", True, "true", ["pro"], {"tier": "pro"}, "", None, -0.0)
_PROMOTED = frozenset({"amount", "plan", "tier"})
_OF_AMOUNTS = {"aggregation": "AGGREGATION_SUM", "aggregationProperty": "amount"}
_TABLE = {"visualization": "VISUALIZATION_TABLE", "breakdown": {"property": "plan"}, "timeRange": MAY}


@pytest.fixture(autouse=True)
async def promoting(engine: Pool) -> None:
    await promote(engine, _PROMOTED, drop_others=False)


async def asked(
    engine: Pool, register: Register, project_id: str, spec: Mapping[str, object], **scope: Any
) -> QueryResponse:
    """Ask with all that is gathered."""
    known = await counted(engine, register, project_id)
    people = register.people(project_id)
    told = {"people": people, "promoted": _PROMOTED, "counted": known, **scope}
    answer = await ask(engine, project_id, spec, **told)
    answer.ClearField("metadata")
    return answer


async def table(
    engine: Pool,
    register: Register,
    project_id: str,
    of: Mapping[str, str] | None = None,
    **scope: Any,
) -> dict[str, float]:
    """Count the events of May by their plans; or what is asked of them."""
    answer = await asked(engine, register, project_id, {**_TABLE, **(of or {})}, **scope)
    return {each.dimensions[0].text: each.value for each in answer.rows}


async def plant(engine: Pool, project_id: str, value: str, number: int) -> None:
    """Have what is gathered say that a plan has more events of May than it has, each of an amount of 2."""
    now = await mark(engine)
    text = """INSERT INTO property_hours (
        project_id, property, event, hour, value, edition, call, events, sums) SELECT
        {p:String}, 'plan', 'planted', toDateTime64('2026-05-09 00:00:00', 3, 'UTC'), (4, 0, {value:String}),
        {edition:UInt64}, {call:UInt64}, {number:UInt64} AS n, map('amount', (n, 2 * n))"""
    values = {"edition": now.edition, "call": now.calls[-1], "number": number}
    await engine.alter(Statement(text=text, parameters={"p": project_id, "value": value, **values}))


@after_stages
async def test_each_event_counts_once_whatever_is_gathered(
    engine: Pool, writer: Writer, register: Register, project_id: str, gathers: tuple[int, ...]
) -> None:
    found = []
    for stage in range(3):
        events = [did("x", at * HOUR // 4, plan=each) for at, each in enumerate(["pro", "pro", "free"])]
        await store(writer, project_id, [*events, did("x", stage), did("y", stage, plan=f"{stage}")])
        if stage in gathers:
            await gather_now(engine)
        found.append(await table(engine, register, project_id))

    assert found == [
        {"pro": 2, "": 1, "free": 1, "0": 1},
        {"pro": 4, "": 2, "free": 2, "0": 1, "1": 1},
        {"pro": 6, "": 3, "free": 3, "0": 1, "1": 1, "2": 1},
    ]


@pytest.mark.parametrize(
    "spec",
    [
        _TABLE,
        {**_TABLE, **_OF_AMOUNTS},
        {**_OF_AMOUNTS, "breakdown": {"property": "plan"}, "granularity": "GRANULARITY_HOUR"},
        {
            "events": [{**_OF_AMOUNTS, "aggregation": "AGGREGATION_AVERAGE"}, {}, _OF_AMOUNTS],
            "formula": "C / B",
        },
        {
            "events": [
                _OF_AMOUNTS,
                {"name": "x", "aggregation": "AGGREGATION_SUM", "aggregationProperty": "plan"},
            ],
            "visualization": "VISUALIZATION_KPI",
        },
        # Of some values there are events of one series alone.
        {**_TABLE, "events": [{**_OF_AMOUNTS, "name": "x"}, {"name": "y"}], "formula": "A + B"},
        {**_TABLE, "breakdown": {"property": "plan", "buckets": [0, 5, 10]}},
        {**_TABLE, "breakdown": {"property": "plan", "thenBy": ["$event_name"], "limit": 3}},
        {"breakdown": {"property": "plan"}, "granularity": "GRANULARITY_HOUR"},
        {"events": [{"filters": [{"property": "plan", "operator": "OPERATOR_EQUALS", "value": 5}]}, {}]},
        {"filters": [{"property": "plan", "operator": "OPERATOR_IS_NOT_SET"}], "timezone": "Asia/Tokyo"},
        {
            "visualization": "VISUALIZATION_HEATMAP",
            "filters": [{"property": "plan", "operator": "OPERATOR_IS_SET"}],
        },
    ],
)
async def test_values_of_all_types_count_as_they_are_stored(
    engine: Pool, writer: Writer, register: Register, project_id: str, spec: dict[str, object]
) -> None:
    numbers = (*VALUES, "12.5", 1e3)
    amounts = [did("x", at * HOUR // 2, plan="pro", amount=each) for at, each in enumerate(numbers)]
    events = [did("x", at * HOUR, plan=each) for at, each in enumerate(VALUES)]
    await store(writer, project_id, [*events, *amounts, did("y", 0), did("y", 0, plan="pro")])
    await gather_now(engine)

    found = await asked(engine, register, project_id, spec)

    assert found == await asked(engine, register, project_id, spec, rollups=False, promoted=frozenset())


async def test_counts_are_read_where_they_are_gathered(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await store(writer, project_id, [did("x", 0, plan="pro", amount="1.5")])
    await gather_now(engine)

    await plant(engine, project_id, "pro", 41)

    assert await table(engine, register, project_id) == {"pro": 42}
    assert await table(engine, register, project_id, _OF_AMOUNTS) == {"pro": 83.5}
    # Without the property's column nothing says what a row's value is.
    assert await table(engine, register, project_id, promoted=frozenset()) == {"pro": 1}


async def test_what_was_cut_off_before_its_mark_does_not_count(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    found = []
    for at in range(3):
        await store(writer, project_id, [did("x", at, plan="pro")])
        await cut_off(engine)
        found.append(await table(engine, register, project_id))
    await gather_now(engine)

    assert found == [{"pro": 1}, {"pro": 2}, {"pro": 3}]
    assert await table(engine, register, project_id) == {"pro": 3}


async def test_what_an_erased_person_did_does_not_count(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await store(writer, project_id, [did("x", 0, plan="pro"), did("x", 0, user="bob", plan="pro")])
    await gather_now(engine)
    await erase(register, project_id, "bob")
    found = [await table(engine, register, project_id)]
    await gather_now(engine)
    found.append(await table(engine, register, project_id))

    assert found == [{"pro": 1}, {"pro": 1}]


async def test_no_value_of_an_erased_person_stays_in_what_was_cut_off(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await store(writer, project_id, [did("x", 0, user=each, plan=each) for each in ("ann", "bob", "eve")])
    await gather_now(engine)
    # The next edition is half made when somebody else is erased.
    await erase(register, project_id, "bob")
    await cut_off(engine)
    await erase(register, project_id, "ann")

    await leave_out_erased(engine)

    text = "SELECT value.text FROM property_hours WHERE project_id = {p:String} AND property = 'plan'"
    rows = await engine.query(Statement(text=text, parameters={"p": project_id}, columns=1), Limits())
    assert list(rows.columns[0]) == ["eve"]


async def test_a_property_with_many_values_is_not_counted_any_more(
    engine: Pool, writer: Writer, register: Register, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store(writer, project_id, [did("x", 0, plan="pro", tier="a")])
    await gather_now(engine)
    known = [await counted(engine, register, project_id)]

    # Only from here on: what other tests stored was gathered besides.
    monkeypatch.setattr(counted_properties, "_MOST_VALUES", 20)
    await store(writer, project_id, [did("x", at, plan=f"{at}", tier="a") for at in range(40)])
    await gather_now(engine)
    known.append(await counted(engine, register, project_id))
    await store(writer, project_id, [did("x", 1, plan="pro", tier="a")])
    await gather_now(engine)
    known.append(await counted(engine, register, project_id))

    assert [each and _PROMOTED & each.properties for each in known] == [
        _PROMOTED,
        _PROMOTED - {"plan"},
        _PROMOTED - {"plan"},
    ]
    found = await table(engine, register, project_id)
    assert (len(found), found["pro"]) == (41, 2)


async def test_a_newly_promoted_property_begins_an_edition(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await store(writer, project_id, [did("x", 0, plan="pro", newcomer="a")])
    await gather_now(engine)
    before = await mark(engine)

    await promote(engine, ["newcomer"], drop_others=False)
    await gather_now(engine)

    now = await mark(engine)
    assert (now.edition, "newcomer" in before.properties) == (before.edition + 1, False)
    assert now.properties.keys() == {*before.properties, "newcomer"}
    assert await table(engine, register, project_id) == {"pro": 1}


async def test_a_later_page_of_a_table_looks_at_what_the_first_one_did(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await store(writer, project_id, [did("x", at, plan=each) for at, each in enumerate(["a", "b", "b"])])
    await gather_now(engine)
    scope = {"watermark": writer.watermark(project_id)}
    page = {**_TABLE, "pageSize": 1}
    first = await asked(engine, register, project_id, page, **scope)

    await store(writer, project_id, [did("x", at, plan="a") for at in range(5)])
    found = []
    for gathers in (False, True):
        if gathers:
            await gather_now(engine)
        following = {**page, "pageToken": first.next_page_token}
        found.append(
            await asked(engine, register, project_id, following, watermark=writer.watermark(project_id))
        )

    assert [each.rows[0].dimensions[0].text for each in (first, *found)] == ["b", "a", "a"]
    assert [each.rows[0].value for each in (first, *found)] == [2, 1, 1]
