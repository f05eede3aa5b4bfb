"""A snapshot: which of the last minutes' events to count, and by what."""

from dataclasses import dataclass

from eventglass.planning import zone as clock
from eventglass.planning.log import LogPage, plan_log
from eventglass.planning.people import People
from eventglass.planning.properties import Operand, operand
from eventglass.planning.scope import Scope
from events.v1.list_pb2 import ListRequest
from events.v1.snapshot_pb2 import SnapshotRequest

DEFAULT_LIMIT = 10
LARGEST_LIMIT = 100
SHORTEST = 10 * clock.SECOND
LONGEST = 300 * clock.SECOND
_PAGE_PROPERTY = "$url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What to count.

    Args:
        latest: the events that are counted, and the first page of them.
        page: what names a page.
        people: what is known of the persons.
        start: the first millisecond.
        end: the one after the last, which is now.
    """

    latest: LogPage
    page: Operand
    people: People
    start: int
    end: int

    @property
    def project_id(self) -> str:
        """Whose events they are."""
        return self.latest.project_id

    @property
    def limit(self) -> int:
        """How many of the top pages and events there are at most."""
        return self.latest.size

    @property
    def minutes(self) -> float:
        """How long it is."""
        return (self.end - self.start) / clock.MINUTE


def plan_snapshot(request: SnapshotRequest, scope: Scope) -> Snapshot:
    """Resolve a valid request."""
    end = clock.instant(scope.now) + 1
    start = end - (request.window.ToMilliseconds() if request.HasField("window") else LONGEST)
    listed = ListRequest(
        names=request.names,
        filters=request.filters,
        where=request.where if request.HasField("where") else None,
        timezone=request.timezone,
        page_size=request.limit or DEFAULT_LIMIT,
    )
    listed.time_range.start.FromMilliseconds(start)
    listed.time_range.end.FromMilliseconds(end)
    return Snapshot(
        latest=plan_log(listed, scope),
        page=operand(request.page_property or _PAGE_PROPERTY),
        people=scope.people,
        start=start,
        end=end,
    )
