"""Which new events are of erased persons: the rule of sql/erasures.py, for events that are at hand."""

from collections.abc import Collection, Mapping

from eventglass.engine.engine import Engine, Limits
from eventglass.ingest.accept import Row
from eventglass.sql.statement import Statement

# Read by the key of the table.
_UNTIL = """
SELECT own, toUnixTimestamp64Milli(max(until))
FROM erasures
WHERE project_id = {project:String} AND with_events AND own IN {owns:Array(UInt64)}
GROUP BY own
"""

# Whoever waits for it can do without: it takes milliseconds.
_MOST_SECONDS = 5.0


async def erased_until(engine: Engine, project_id: str, owns: Collection[int]) -> dict[int, int]:
    """Give, of those of some ids that were erased with their events, the last instant that is erased.

    Args:
        engine: where it is stored.
        project_id: whose ids.
        owns: their keys.

    Returns:
        By keys, in milliseconds since 1970.

    Raises:
        DeadlineError, LimitError, UnavailableError: the engine could not be asked.
    """
    statement = Statement(text=_UNTIL, parameters={"project": project_id, "owns": tuple(owns)}, columns=2)
    found = await engine.query(statement, Limits(max_seconds=_MOST_SECONDS))
    return dict(zip(*found.columns, strict=True))


def remains(row: Row, received_ms: int, until_ms: Mapping[int, int]) -> bool:
    """Tell whether an event is of who was not erased, or happened and arrived after that."""
    until = until_ms.get(row.person)
    return until is None or min(row.time_ms, received_ms) > until
