"""Columns that are made of columns, stage by stage."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from eventglass.sql.fragment import Fragment, listed, sql

Columns: TypeAlias = Mapping[str, Fragment]


def staged(rows: Fragment, stages: Iterable[Columns]) -> Fragment:
    """Add columns to rows; those of a stage may read those of all stages before it.

    Each stage is a SELECT of its own: an alias that names an alias is written out by the engine
    wherever it stands, so that a chain of them would grow beyond its bounds.
    """
    for columns in stages:
        if columns:
            rows = sql(
                """\
SELECT
    *,
    {columns}
FROM (
    {rows})""",
                columns=listed(sql(f"{{read}} AS {name}", read=read) for name, read in columns.items()),
                rows=rows,
            )
    return rows


# Stands behind the rows of a GROUP BY. Of many groups the engine makes 256 blocks, and where these are
# small, the functions of many stages take longer to be called than to run. A join makes blocks large before
# it reads them, also one that finds nothing.
IN_LARGE_BLOCKS = sql(" AS grouped\nLEFT JOIN (SELECT 1 WHERE 0) AS nothing ON 1")


def selected(rows: Fragment, kept: Iterable[str], columns: Columns, *, grouped: bool = False) -> Fragment:
    """Keep some columns of rows, and add others; of a row of many stages what is still needed.

    Args:
        rows: a SELECT.
        kept: its columns that stay.
        columns: what is added.
        grouped: the rows come of a GROUP BY.
    """
    made = [sql(f"{{read}} AS {name}", read=read) for name, read in columns.items()]
    return sql(
        """\
SELECT
    {columns}
FROM (
    {rows}){blocks}""",
        columns=listed([*map(sql, kept), *made]),
        rows=rows,
        blocks=IN_LARGE_BLOCKS if grouped else sql(""),
    )
