"""One SELECT of one client."""

import time
from dataclasses import dataclass

from clickhouse_connect.driver.client import Client

from eventglass.engine.engine import Rows
from eventglass.engine.settings import SettingValues
from eventglass.sql.statement import Statement


def select(client: Client, statement: Statement, settings: SettingValues) -> Rows:
    """Run a SELECT; raises EngineFailure.

    Args:
        client: it runs nothing else.
        statement: what to run.
        settings: its settings, besides those that the client keeps.
    """
    parameters = bindable(statement)
    began = time.monotonic()
    result = client.query(statement.text, parameters=parameters, settings=settings, column_oriented=True)
    columns = result.result_columns
    if not result.column_names:
        # chDB tells no columns when there are no rows.
        width = statement.columns
        if width is None:
            described = client.query(
                f"DESCRIBE ({statement.text}\n)", parameters=parameters, settings=settings
            )
            width = len(described.result_rows)
        columns = [[] for _ in range(width)]
    return Rows(
        columns=columns,
        rows_read=int(result.summary.get("read_rows", 0)),
        bytes_read=int(result.summary.get("read_bytes", 0)),
        seconds=time.monotonic() - began,
    )


def bindable(statement: Statement) -> dict[str, object]:
    """Give a statement's parameters as clients write them: a list as an array, but a tuple as a Tuple."""
    return {
        name: _array(value) if isinstance(value, tuple) else value
        for name, value in statement.parameters.items()
    }


def _array(values: tuple[object, ...]) -> object:
    """Give an array. Whole numbers, of which there may be thousands, are written at once."""
    return _Written(str(list(values))) if {*map(type, values)} == {int} else list(values)


@dataclass(frozen=True, slots=True)
class _Written:
    """A parameter as the engine reads it. Clients write what they do not know as `str` does.

    Numbers of a list they would write one by one, and a text they would look through for what to escape.
    """

    text: str

    def __str__(self) -> str:
        return self.text
