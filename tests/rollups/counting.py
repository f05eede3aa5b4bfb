"""What is gathered of counts, and questions that read it."""

from typing import Any

import pytest

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.commit import newest_arrival
from eventglass.ingest.counts_mark import Mark, mark
from eventglass.ingest.event_hours import gather, gathered, open_counts
from eventglass.planning.counted import Counted
from eventglass.sql.statement import Statement
from tests.identity.saying import MAY
from tests.insights.asking import ask

_COUNT = {"timeRange": MAY, "visualization": "VISUALIZATION_KPI"}

# After which of three stages of storing to gather.
after_stages = pytest.mark.parametrize("gathers", [(), (0,), (1,), (0, 1), (0, 1, 2)], ids="after {}".format)


async def gather_now(engine: Pool) -> None:
    """Gather what arrived, and have it count."""
    await gather(engine, await newest_arrival(engine) + 1)


async def cut_off(engine: Pool) -> Mark | None:
    """Gather what arrived, as one whose mark is never told."""
    return await gathered(engine, await mark(engine), await newest_arrival(engine) + 1)


async def count(engine: Pool, register: Register, project_id: str, name: str = "", **scope: Any) -> float:
    """Count the events of May, of a name or any."""
    spec = {**_COUNT, "events": [{"name": name}]}
    known = {"people": register.people(project_id), "counted": await counted(engine, register, project_id)}
    return (await ask(engine, project_id, spec, **known, **scope)).kpis[0].value


async def counted(engine: Pool, register: Register, project_id: str) -> Counted | None:
    """Say what a question is told of what is gathered, in either way."""
    counts = await open_counts(engine)
    found = counts.of(project_id, register.people(project_id).erasures)
    assert await counts.look_up(project_id) == found
    return found


async def plant(engine: Pool, project_id: str, number: int) -> None:
    """Have what is gathered say that there are more events of May than there are."""
    now = await mark(engine)
    text = """INSERT INTO event_hours (project_id, event, hour, edition, call, events) SELECT
        {p:String}, 'planted', toDateTime64('2026-05-09 00:00:00', 3, 'UTC'), {edition:UInt64}, {call:UInt64},
        {number:UInt64}"""
    values = {"p": project_id, "edition": now.edition, "call": now.calls[-1], "number": number}
    await engine.alter(Statement(text=text, parameters=values))


async def editions(engine: Pool) -> list[int]:
    """Say which editions have rows."""
    text = "SELECT DISTINCT edition FROM event_hours ORDER BY edition"
    return list((await engine.query(Statement(text=text, columns=1), Limits())).columns[0])


async def rows_of(engine: Pool, project_id: str) -> int:
    """Say how many rows a project has in the edition that counts."""
    text = "SELECT count() FROM event_hours WHERE project_id = {p:String} AND edition = {edition:UInt64}"
    values = {"p": project_id, "edition": (await mark(engine)).edition}
    found = await engine.query(Statement(text=text, parameters=values, columns=1), Limits())
    return int(found.columns[0][0])
