"""The mark of counts by the hour: which of their rows count, of which events they are (event_hours.py)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.planning.counted import Counted
from eventglass.sql.statement import Statement

_PARTS = """\
latest.1, toUnixTimestamp64Milli(latest.2), latest.3, mapKeys(latest.4), mapValues(latest.4),
    mapKeys(latest.5), mapValues(latest.5), latest.6"""
_LATEST = """(
    SELECT argMax((edition, until, calls, erasures, properties, summed), (edition, until)) AS latest
    FROM event_hours_until)"""
_MARK = f"SELECT {_PARTS}\nFROM {_LATEST}"
# And how many erasures with events a project has now.
_MARK_OF = f"""
SELECT {_PARTS}, (SELECT count() FROM erasures WHERE project_id = {{project:String}} AND with_events)
FROM {_LATEST}
"""
_WIDTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What counts of the tables. Of several that of the greatest edition and arrival does.

    Args:
        edition: of the rows.
        until_ms: events that arrived before are in it, in milliseconds since 1970.
        calls: whose rows count.
        erasures: how many each project had, at least, when the edition began.
        properties: those that were promoted then, and whether their values are counted.
        summed: those whose numbers are summed, in order.
    """

    edition: int
    until_ms: int
    calls: tuple[int, ...]
    erasures: Mapping[str, int]
    properties: Mapping[str, bool] = field(default_factory=dict)
    summed: tuple[str, ...] = ()

    def counted(self, project_id: str, erasures: int) -> Counted | None:
        """Give what is true of a project that has so many erasures now; None: nothing."""
        if not self.calls or self.erasures.get(project_id, 0) != erasures:
            return None
        properties = frozenset(name for name, is_counted in self.properties.items() if is_counted)
        return Counted(
            edition=self.edition,
            calls=self.calls,
            until=self.until_ms,
            properties=properties,
            summed=frozenset(self.summed),
        )


async def mark(engine: Pool) -> Mark:
    """Give the one that counts; raises EventglassError as the engine does."""
    found = await engine.look_up(Statement(text=_MARK, columns=_WIDTH), Limits())
    return _mark(found.columns)


async def counted_of(engine: Pool, project_id: str) -> Counted | None:
    """Give what is true of a project, whichever server has gathered it; raises as `mark` does."""
    statement = Statement(text=_MARK_OF, parameters={"project": project_id}, columns=_WIDTH + 1)
    *told, erasures = (await engine.query(statement, Limits())).columns
    return _mark(told).counted(project_id, erasures[0])


async def tell(engine: Pool, told: Mark) -> None:
    """Have a mark count; the rows of its calls must be there."""
    columns = {
        "edition": pa.array([told.edition], pa.uint64()),
        "until": pa.array([told.until_ms], pa.int64()).cast(pa.timestamp("ms", tz="UTC")),
        "calls": pa.array([told.calls], pa.list_(pa.uint64())),
        "erasures": pa.array([list(told.erasures.items())], pa.map_(pa.string(), pa.uint64())),
        "properties": pa.array([list(told.properties.items())], pa.map_(pa.string(), pa.bool_())),
        "summed": pa.array([told.summed], pa.list_(pa.string())),
    }
    await engine.insert("event_hours_until", pa.table(columns))


def _mark(columns: Sequence[Sequence[Any]]) -> Mark:
    """Read the one row of `_MARK`."""
    ((edition, until_ms, calls, projects, numbers, names, are_counted, summed),) = zip(*columns, strict=True)
    return Mark(
        edition=edition,
        until_ms=until_ms,
        calls=tuple(calls),
        erasures=dict(zip(projects, numbers, strict=True)),
        properties=dict(zip(names, are_counted, strict=True)),
        summed=tuple(summed),
    )
