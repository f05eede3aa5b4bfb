"""The newest arrivals where several servers share an engine: one asks what the others have stored."""

from dataclasses import dataclass, field
from datetime import datetime

from eventglass.engine.engine import Engine, Limits
from eventglass.ingest.times import EPOCH, MILLISECOND, milliseconds
from eventglass.sql.statement import Statement

# Pruned by the index of received_at: it reads what has arrived since it was asked last. 0 of nothing.
_NEWER = """
SELECT toUnixTimestamp64Milli(max(received_at))
FROM events
WHERE project_id = {project:String} AND received_at > fromUnixTimestamp64Milli({known:Int64})
"""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What is known of the newest event of each project, whoever stored it."""

    _engine: Engine
    _newest: dict[str, int] = field(default_factory=dict, init=False)

    async def newest(self, project_id: str, known: datetime | None) -> datetime | None:
        """Give the newest arrival of a project that is stored now; None: it has no events.

        Args:
            project_id: the project.
            known: one that is there already; what is older is not looked at.

        Raises:
            DeadlineError, LimitError, UnavailableError: the engine could not be asked.
        """
        at_least = max(self._newest.get(project_id, 0), milliseconds(known) if known else 0)
        statement = Statement(text=_NEWER, parameters={"project": project_id, "known": at_least}, columns=1)
        ((newer,),) = (await self._engine.query(statement, Limits())).columns
        newest = max(at_least, int(newer), self._newest.get(project_id, 0))
        self._newest[project_id] = newest
        return EPOCH + newest * MILLISECOND if newest else None
