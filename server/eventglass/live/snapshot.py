"""EventsService.Snapshot: what goes on right now."""

import asyncio
from collections.abc import Iterator

from eventglass.engine.engine import Engine, Limits, Rows
from eventglass.errors import refuse
from eventglass.live.log import page_of
from eventglass.planning.scope import Scope
from eventglass.planning.snapshot import Snapshot, plan_snapshot
from eventglass.spec.live import violations_of_snapshot
from eventglass.sql.log import log_page
from eventglass.sql.snapshot import BY_NAME, BY_PAGE, OF_ALL, counts
from events.v1.list_pb2 import ListResponse
from events.v1.snapshot_pb2 import SnapshotItem, SnapshotRequest, SnapshotResponse


async def snapshot(
    request: SnapshotRequest, scope: Scope, engine: Engine, deadline_seconds: float | None
) -> SnapshotResponse:
    """Count the last minutes' events.

    Args:
        request: as it arrived.
        scope: whose events, and when.
        engine: where they are.
        deadline_seconds: what is left of the caller's time; None for no end.

    Raises:
        InvalidArgumentError: with everything that is wrong with the request.
        EventglassError: as the engine raises them.
    """
    refuse(violations_of_snapshot(request))
    plan = plan_snapshot(request, scope)
    limits = Limits(max_seconds=deadline_seconds)
    # Both look at the same window and the same arrivals.
    counted, listed = await asyncio.gather(
        engine.query(counts(plan), limits), engine.query(log_page(plan.latest), limits)
    )
    return _shape(plan, counted, page_of(plan.latest, listed))


def _shape(plan: Snapshot, counted: Rows, latest: ListResponse) -> SnapshotResponse:
    response = SnapshotResponse(
        top_pages=_items(counted, BY_PAGE), top_events=_items(counted, BY_NAME), latest=latest.events
    )
    response.time_range.start.FromMilliseconds(plan.start)
    response.time_range.end.FromMilliseconds(plan.end)
    for counts_of, _, events, users, sessions in zip(*counted.columns, strict=True):
        if counts_of == OF_ALL:
            response.events = events
            response.events_per_minute = events / plan.minutes
            response.active_users = users
            response.active_sessions = sessions
    if latest.HasField("watermark"):
        response.watermark.CopyFrom(latest.watermark)
    return response


def _items(counted: Rows, of: int) -> Iterator[SnapshotItem]:
    for counts_of, name, events, users, _ in zip(*counted.columns, strict=True):
        if counts_of == of:
            yield SnapshotItem(value=name, events=events, users=users)
