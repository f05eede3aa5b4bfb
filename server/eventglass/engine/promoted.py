"""Give the properties that are asked for often columns of their own (sql/promoted.py)."""

from collections.abc import Collection
from typing import Any

import structlog

from eventglass.engine.engine import Limits
from eventglass.engine.layout import EVENTS
from eventglass.engine.pool import Pool
from eventglass.sql.promoted import PREFIX, added, column_name, dropped, filled, name_of
from eventglass.sql.statement import Statement

_log = structlog.get_logger(__name__)

_COLUMNS = f"""SELECT name
FROM system.columns
WHERE database = currentDatabase() AND table = '{EVENTS}' AND startsWith(name, '{PREFIX}')
"""
# How many parts have a column. Every part has times.
_PARTS = f"""SELECT column, count()
FROM system.parts_columns
WHERE active AND database = currentDatabase() AND table = '{EVENTS}'
    AND (column = 'time' OR startsWith(column, '{PREFIX}'))
GROUP BY column
"""
_CHANGES = f"""SELECT command
FROM system.mutations
WHERE NOT is_done AND database = currentDatabase() AND table = '{EVENTS}'
"""


async def promote(engine: Pool, names: Collection[str], *, drop_others: bool) -> None:
    """Have columns for some properties; what is stored already is written into them behind all else.

    Args:
        engine: where events are.
        names: the properties' whole names.
        drop_others: columns of other properties go, but for those that are being filled just now; not where
            another server may read them.

    Raises:
        EventglassError: the engine is away or too busy; what was not done is done next time.
    """
    wanted = {column_name(name): name for name in names}
    there = await _columns(engine)
    others = there - wanted.keys() if drop_others else set()
    # The engine refuses to drop what it is filling; answers are right with it, too.
    for column in sorted(others - await _being_filled(engine, others)):
        await engine.alter(dropped(column))
        _log.info("a promoted column is dropped", column=column)
    for column in sorted(wanted.keys() - there):
        await engine.alter(added(wanted[column]))
    # Also those of a start that ended before the engine was told.
    for column in sorted(await _lacking(engine, wanted)):
        await engine.alter(filled(column))
        _log.info("a promoted column is filled", column=column)


async def promoted(engine: Pool) -> frozenset[str]:
    """Say which properties have columns; raises EventglassError as `promote` does."""
    return frozenset(map(name_of, await _columns(engine)))


async def _columns(engine: Pool) -> set[str]:
    (names,) = await _asked(engine, _COLUMNS, columns=1)
    return set(names)


async def _lacking(engine: Pool, wanted: Collection[str]) -> set[str]:
    """Say which columns some part lacks, and nobody writes."""
    if not wanted:
        return set()
    columns, counts = await _asked(engine, _PARTS, columns=2)
    having = dict(zip(columns, counts, strict=True))
    lacking = {column for column in wanted if having.get(column, 0) < having.get("time", 0)}
    return lacking - await _being_filled(engine, lacking)


async def _being_filled(engine: Pool, columns: Collection[str]) -> set[str]:
    """Say which of some columns are being written into parts that lack them."""
    if not columns:
        return set()
    (changes,) = await _asked(engine, _CHANGES, columns=1)
    return {column for column in columns if any(column in change for change in changes)}


async def _asked(engine: Pool, text: str, *, columns: int) -> list[list[Any]]:
    rows = await engine.look_up(Statement(text=text, columns=columns), Limits())
    return [list(each) for each in rows.columns]
