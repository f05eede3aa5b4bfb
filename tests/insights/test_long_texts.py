"""Texts that make one pattern, where case is ignored: too many or too long ones are a limit that was hit."""

from typing import Any

import pytest

from eventglass.engine.engine import Engine
from eventglass.errors import LimitError
from eventglass.ingest.writer import Writer
from tests.insights.asking import ask, did, store

KPI = {"visualization": "VISUALIZATION_KPI"}


def _filter(operator: str, value: Any) -> dict[str, Any]:
    return {"filters": [{"property": "p", "operator": operator, "value": value, "ignoreCase": True}]}


@pytest.mark.parametrize(
    "filters",
    [
        pytest.param(
            _filter("OPERATOR_IN", [f"{at:03}" + "é" * 500 for at in range(1_000)]), id="many texts"
        ),
        pytest.param(_filter("OPERATOR_CONTAINS", "é" * 200_000), id="a long part"),
    ],
)
async def test_a_pattern_too_large_is_a_limit(
    filters: dict[str, Any], engine: Engine, writer: Writer, project_id: str
) -> None:
    await store(writer, project_id, [did("a", 0, p="x")])

    with pytest.raises(LimitError) as caught:
        await ask(engine, project_id, {**KPI, **filters})

    assert caught.value.reason == "STATEMENT_LIMIT"
