"""What was once wrong with the nodes of paths, each as a case."""

import pytest

from eventglass.catalog.project import Project
from eventglass.engine.engine import Engine, Limits
from eventglass.errors import LimitError
from eventglass.ingest.writer import Writer
from eventglass.planning.paths import paths_of
from eventglass.planning.scope import Scope
from eventglass.sql.fragment import sql, statement
from eventglass.sql.paths import nodes
from insights.v1.paths_pb2 import PathsOptions
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.insights.asking import NOW, ask, did, store
from tests.oracle.building import content


async def test_more_nodes_than_there_are_numbers_for_are_refused(
    engine: Engine, writer: Writer, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their numbers ran into the times beside them."""
    await store(writer, project_id, [did("a", at, p=value) for at, value in enumerate((1, "b", [2]))])
    spec = {"visualization": "VISUALIZATION_PATHS", "paths": {"by": "PATHS_BY_USERS", "nodeProperty": "p"}}
    monkeypatch.setattr(nodes, "MOST_KNOWN", 3)
    assert (await ask(engine, project_id, spec)).paths.total == 1

    monkeypatch.setattr(nodes, "MOST_KNOWN", 2)
    with pytest.raises(LimitError) as refused:
        await ask(engine, project_id, spec)

    assert refused.value.reason == "VALUES_LIMIT"


@pytest.mark.parametrize("by", ["PATHS_BY_SESSIONS", "PATHS_BY_USERS"])
@pytest.mark.parametrize("of", [{"startEvent": ["b", "c"]}, {"endEvent": ["a", "b"]}])
async def test_paths_of_a_decade_have_a_bound(
    engine: Engine, writer: Writer, project_id: str, by: str, of: dict[str, list[str]]
) -> None:
    """Their times take more bits, and the numbers that they are part of another type."""
    [(bound, shown)] = of.items()
    events = [did(name, at, user="anna") for at, name in enumerate(("a", "b", "c"))]
    for event in events:
        event.session_id = "visit"
    await store(writer, project_id, events)
    spec = {
        "visualization": "VISUALIZATION_PATHS",
        "timeRange": {"start": "2010-01-01T00:00:00Z", "end": "2026-05-02T00:00:00Z"},
        "paths": {"by": by, bound: {"name": "b"}},
    }

    response = await ask(engine, project_id, spec)

    assert response.paths.total == 1
    assert [content(node.node) for node in response.paths.nodes] == shown


@pytest.mark.parametrize(
    ("name", "event", "place"),
    [
        ("", "'a' AS event", 5),
        ("", "'b' AS event", nodes.NO_NODE),
        ("$person_id", "'b' AS user_id, '' AS anonymous_id", nodes.NO_NODE),
        ("p", "CAST('{{\"p\":1.5}}' AS JSON) AS properties", 4),
        ("p", "CAST('{{\"p\":2.5}}' AS JSON) AS properties", nodes.NO_NODE),
        ("p", 'CAST(\'{{"p":"b"}}\' AS JSON) AS properties', nodes.NO_NODE),
    ],
)
async def test_a_node_that_came_later_has_no_place_of_another(
    engine: Engine, name: str, event: str, place: int
) -> None:
    scope = Scope(project=Project(id="p"), now=NOW, watermark=None, query_id="test")
    spec = QuerySpec(visualization=Visualization.VISUALIZATION_PATHS, paths=PathsOptions(node_property=name))
    found = sql(
        f"WITH (SELECT [([1.5], ['a'])]) AS known SELECT {{number}} AS place FROM (SELECT {event})",
        number=nodes.number(paths_of(spec, scope)),
    )

    rows = await engine.query(statement(found, columns=1), Limits())

    assert [list(column) for column in rows.columns] == [[place]]


async def test_a_behaviour_within_a_time_reads_no_older_history(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    """Other months are other partitions, which need not be read; what other tests stored is read twice."""
    day = 86_400_000
    old = [did("a", at - 90 * day, p=at) for at in range(1_000)]
    await store(writer, project_id, [*old, *(did("a", at, p=at) for at in range(3))])

    within = await ask(engine, project_id, _after_another({"within": "3600s"}))
    ever = await ask(engine, project_id, _after_another({}))

    assert (within.paths.total, ever.paths.total) == (1, 1)
    assert ever.metadata.rows_read - within.metadata.rows_read > len(old) / 2


def _after_another(options: dict[str, str]) -> dict[str, object]:
    """Ask for the paths of users through what they did after they had done it before."""
    return {
        "visualization": "VISUALIZATION_PATHS",
        "paths": {"by": "PATHS_BY_USERS", "nodeProperty": "p"},
        "where": {"did": {"name": "a", **options}},
    }
