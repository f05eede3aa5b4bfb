"""The size of an audience: who is looked at, and who of them is counted."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from eventglass.planning import zone as clock
from eventglass.planning.audience import membership
from eventglass.planning.scope import Scope
from eventglass.planning.selection import Selection
from insights.v1.filter_pb2 import FilterExpression


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceSize:
    """A count of an audience.

    Args:
        selection: all events up to now; its condition is the audience's.
        as_of: now, aware.
    """

    selection: Selection
    as_of: datetime


def plan_size(where: FilterExpression, scope: Scope) -> AudienceSize:
    """Resolve an audience's tree, which is valid."""
    zone = ZoneInfo(scope.project.timezone)
    return AudienceSize(
        selection=Selection(
            project_id=scope.project.id,
            series=(),
            ranges=(),
            condition=membership(where, zone),
            zone=zone,
            week_start=scope.project.week_start,
            now=clock.instant(scope.now),
            people=scope.people,
            newest=scope.newest,
            gathered=scope.gathered,
        ),
        as_of=scope.now,
    )
