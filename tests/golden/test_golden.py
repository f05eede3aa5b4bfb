"""Golden statements: the text guards against surprises, running them is the proof."""

from dataclasses import replace

import pytest

from eventglass.engine.engine import Engine, Limits
from tests.golden.compiled import FOLDER, NAMES, compiled, spec


@pytest.mark.parametrize("name", NAMES)
async def test_statement(name: str, engine: Engine) -> None:
    statement = compiled(spec(name))

    assert statement.text + "\n" == (FOLDER / f"{name}.sql").read_text()
    rows = await engine.query(statement, Limits())
    uncounted = await engine.query(replace(statement, columns=None), Limits())
    assert len(rows.columns) == len(uncounted.columns)
