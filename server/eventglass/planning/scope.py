"""What a spec is answered in: passed in, never looked up on the way."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from eventglass.catalog.project import Project
from eventglass.planning import zone as clock
from eventglass.planning.counted import Counted
from eventglass.planning.people import NOBODY_IDENTIFIED, People
from insights.v1.filter_pb2 import FilterExpression


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The circumstances of one question.

    Args:
        project: whose events are looked at.
        now: the instant of the question, aware; later events are in no answer.
        watermark: the newest arrival that the answer contains for sure, aware; None without events.
        query_id: names the answer in the log.
        people: what is known of the project's persons.
        audience: the tree of the project's audience that the question names; None without one.
        rollups: it may read what is gathered of events instead of them, where the answer is the same.
        promoted: names of properties that it may read from columns of their own.
        counted: what is gathered of counts; None: nothing that is true of the project.
        gathered: tables of rollups (planning/rollups.py), and until when arrivals are in them, in
            milliseconds; of others, but for what is `counted`, a statement asks.
    """

    project: Project
    now: datetime
    watermark: datetime | None
    query_id: str
    people: People = NOBODY_IDENTIFIED
    audience: FilterExpression | None = None
    rollups: bool = True
    promoted: frozenset[str] = frozenset()
    counted: Counted | None = None
    gathered: Mapping[str, int] = field(default_factory=dict)

    @property
    def newest(self) -> int:
        """The watermark in milliseconds; 0: there are no events."""
        return clock.instant(self.watermark) if self.watermark else 0


# Says what a question about a project looks at when it is asked, by the question's id.
ScopeOf: TypeAlias = Callable[[Project, str], Awaitable[Scope]]
