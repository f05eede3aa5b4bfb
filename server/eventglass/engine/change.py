"""One INSERT or ALTER TABLE of one client, done only if it is the engine that says so.

Over HTTP something else may answer in its place, such as a proxy with a page that says 200.
"""

from collections.abc import Sequence
from typing import Final

import pyarrow as pa
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import OperationalError

from eventglass.engine.select import bindable
from eventglass.engine.settings import SettingValues
from eventglass.sql.statement import Statement

# What is told by an answer without any of the headers in which a server says what it did.
_OF_NOBODY: Final = {"query_id": ""}


def insert(
    client: Client, table: str, columns: Sequence[str], data: pa.Buffer, settings: SettingValues
) -> None:
    """Insert rows; raises EngineFailure.

    Args:
        client: it runs nothing else.
        table: where to.
        columns: whose values they have.
        data: the rows, as a file of Arrow.
        settings: of the INSERT.
    """
    told = client.raw_insert(table, columns, data, settings=settings, fmt="Arrow")
    if told.summary == _OF_NOBODY:
        raise OperationalError("an INSERT was answered by something else than the engine")


def alter(client: Client, statement: Statement, *, tag: str) -> None:
    """Change tables; raises EngineFailure.

    Args:
        client: it runs nothing else.
        statement: what to run.
        tag: names it, so that it can be ended.
    """
    # `command` would write the parameters into the URL, however long they are.
    answer = client.raw_query(statement.text, parameters=bindable(statement), settings={"log_comment": tag})
    # The engine answers with nothing.
    if answer:
        raise OperationalError("a change of tables was answered by something else than the engine")
