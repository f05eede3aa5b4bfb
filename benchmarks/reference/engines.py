"""Engines that statements run on, as functions from a text to a table."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from clickhouse_connect.driver.client import Client

from benchmarks.reference.world import parquet_of

# Every time the engine reads what it answers from.
SETTINGS = {"use_query_condition_cache": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An answer by columns."""

    names: Sequence[str]
    columns: Sequence[Sequence[object]]


Engine = Callable[[str], Table]


def chdb(client: Client) -> Engine:
    """Run statements on the engine of the service."""

    def run(text: str) -> Table:
        found = client.query(text, settings=SETTINGS, column_oriented=True)
        return Table(names=found.column_names, columns=found.result_columns)

    return run


@contextmanager
def duck(world: Path) -> Iterator[Engine]:
    """Run statements on DuckDB, over the world's Parquet file as `events`."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"CREATE VIEW events AS FROM read_parquet('{parquet_of(world)}')")

        def run(text: str) -> Table:
            found = connection.execute(text)
            names = [column[0] for column in found.description or ()]
            return Table(names=names, columns=list(zip(*found.fetchall(), strict=True)))

        yield run
