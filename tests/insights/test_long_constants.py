"""What a statement gathers before it reads events is as long as it is: no question fails for it.

In the tests a statement has 1 GiB of memory; more than that was taken by the constants' text alone.
"""

import pytest

from eventglass.engine.pool import Pool
from eventglass.ingest.writer import Writer
from eventglass.planning.people import People
from eventglass.sql.statement import Statement
from tests.insights.asking import ask, did, store

_PATHS = {"visualization": "VISUALIZATION_PATHS", "paths": {"by": "PATHS_BY_USERS", "nodeProperty": "p"}}
_FUNNEL = {"visualization": "VISUALIZATION_FUNNEL", "events": [{"name": "a"}, {"name": "b"}]}
_JOINED = """\
INSERT INTO person_ids (project_id, own, id, is_user, person, person_id, version) SELECT
    {project:String}, cityHash64(number), toString(number), 0, cityHash64('ann'), 'ann', 1
FROM numbers({ids:UInt64})
"""
_ERASED = """\
INSERT INTO erasures (project_id, own, version, with_events, until) SELECT
    {project:String}, cityHash64(number), 1, 1, toDateTime64('1950-01-01', 3, 'UTC')
FROM numbers({ids:UInt64})
"""


async def test_paths_through_long_texts(engine: Pool, writer: Writer, project_id: str) -> None:
    """500 of 60 KB took 20 seconds of planning, which nothing could end, and gigabytes of memory."""
    texts = [f"{at:03}" + "x" * 60_000 for at in range(500)]
    await store(writer, project_id, [did("a", at, p=text) for at, text in enumerate(texts)])

    paths = (await ask(engine, project_id, _PATHS)).paths

    assert [node.node.text[:3] for node in paths.nodes] == ["000", "001", "002", "003", "004"]


@pytest.mark.parametrize(
    ("told", "people"),
    [
        pytest.param({_JOINED: 1_500_000}, People(version=1, merged=True), id="joined"),
        pytest.param(
            {_JOINED: 900_000, _ERASED: 900_000},
            People(version=1, merged=True, erased=True),
            id="joined and erased",
        ),
    ],
)
async def test_a_funnel_in_a_project_with_many_ids(
    told: dict[str, int], people: People, engine: Pool, writer: Writer, project_id: str
) -> None:
    await store(writer, project_id, [did("a", 0), did("b", 1), did("a", 1, user="ben")])
    for text, ids in told.items():
        await engine.alter(Statement(text=text, parameters={"project": project_id, "ids": ids}))

    funnel = (await ask(engine, project_id, _FUNNEL, people=people)).funnel

    assert [step.count for step in funnel.steps] == [2, 1]
