"""What was once wrong with optional steps of funnels, each as a case."""

import pytest

from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from tests.insights.asking import ask, did, store
from tests.oracle.funnel_building import counts


@pytest.mark.parametrize("options", [{}, {"exclusions": [{"event": {"name": "no"}}]}, {"trend": True}])
async def test_an_optional_step_moves_no_event_of_required_steps(
    engine: Engine, writer: Writer, project_id: str, options: dict[str, object]
) -> None:
    """Of one millisecond b stands before c, and what is b alone before what is c, too, as without it."""
    anna = [did("a", 0), did("b", 1), did("b", 1, c=1, x=1), did("d", 2)]
    bert = [did("a", 0, user="bert"), did("b", 1, user="bert", x=1)]
    bert += [did("b", 1, user="bert", c=1), did("d", 2, user="bert")]
    cora = [did("a", 0, user="cora"), did("b", 1, user="cora")]
    cora += [did("other", 1, user="cora", c=1, x=1), did("d", 2, user="cora")]
    required: list[dict[str, object]] = [{"name": "a"}, {"name": "b"}, _with("c"), {"name": "d"}]
    await store(writer, project_id, [*anna, *bert, *cora])

    for at in (1, 2, 3):
        steps = [*required[:at], {**_with("x"), "optional": True}, *required[at:]]
        spec = {"visualization": "VISUALIZATION_FUNNEL", "events": steps, "funnel": options}
        response = await ask(engine, project_id, spec)

        found = counts(response.funnel)
        assert [*found[:at], *found[at + 1 :]] == [3, 3, 3, 3]


def _with(name: str) -> dict[str, object]:
    """Any event that has a property."""
    return {"filters": [{"property": name, "operator": "OPERATOR_IS_SET"}]}
