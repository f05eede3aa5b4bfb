"""events.v1.EventsService: unwrap, write, wrap."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from eventglass.catalog.project import Grant, Project
from eventglass.errors import InvalidArgumentError, Violation
from eventglass.transport.call import Call, Method, Reply, method
from events.v1 import events_service_pb2
from events.v1.event_pb2 import Event
from events.v1.events_service_pb2 import BatchCreateRequest, BatchCreateResponse

_SERVICE = events_service_pb2.DESCRIPTOR.services_by_name["EventsService"]


class Writes(Protocol):
    """Where events go."""

    async def write(
        self, project_id: str, events: Sequence[Event], *, now: datetime, sent_at: datetime | None
    ) -> BatchCreateResponse:
        """Store a batch; raises EventglassError."""
        ...


def events_service(writer: Writes) -> list[Method]:
    """Make the service's methods."""

    async def batch_create(request: BatchCreateRequest, _call: Call, grant: Grant) -> Reply:
        now = datetime.now(UTC)
        response = await writer.write(grant.project.id, request.events, now=now, sent_at=_sent_at(request))
        return Reply(message=response, rows=response.events_created)

    descriptor = _SERVICE.methods_by_name["BatchCreate"]
    return [method(descriptor, BatchCreateRequest, batch_create, rules=_no_rules)]


def _sent_at(request: BatchCreateRequest) -> datetime | None:
    if not request.HasField("sent_at"):
        return None
    try:
        return request.sent_at.ToDatetime(UTC)
    except (ValueError, OverflowError):
        description = "must be an instant from year 1 to 9999"
        violation = Violation(field="sent_at", code="INVALID_TIMESTAMP", description=description)
        raise InvalidArgumentError.of([violation]) from None


def _no_rules(_request: BatchCreateRequest, _project: Project) -> Sequence[Violation]:
    """Say nothing: the writer judges each event by itself."""
    return ()
