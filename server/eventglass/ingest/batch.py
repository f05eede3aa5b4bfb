"""One batch as it came: the ids of events that bring none, what is accepted, what is refused."""

from collections.abc import Sequence
from hashlib import blake2b

from eventglass.errors import InvalidArgumentError, Violation
from eventglass.ingest.accept import Refusal, Row, accept, read_event
from eventglass.ingest.clock import Clock
from eventglass.ingest.sender import UNKNOWN, Sender
from events.v1.event_pb2 import Event
from events.v1.events_service_pb2 import RejectedEvent

MAX_EVENTS = 1_000


def check_size(events: Sequence[Event]) -> None:
    """Raise InvalidArgumentError for an empty or too large batch."""
    if 1 <= len(events) <= MAX_EVENTS:
        return
    raise InvalidArgumentError.of(
        [
            Violation(
                field="events",
                code="BATCH_SIZE",
                description=f"has {len(events):,} events; send 1 to {MAX_EVENTS:,} at a time",
            )
        ]
    )


def batch_id(events: Sequence[Event]) -> str:
    """Name a batch by its content: equal events in equal order give an equal name."""
    content = blake2b(digest_size=16)
    for event in events:
        part = event.SerializeToString(deterministic=True)
        content.update(len(part).to_bytes(8, "little"))
        content.update(part)
    return content.hexdigest()


def accept_batch(
    events: Sequence[Event], clock: Clock, sender: Sender = UNKNOWN
) -> tuple[list[Row], list[RejectedEvent]]:
    """Decide on each event by itself. Arguments are those of `accept`."""
    # The whole batch is only read for its name when an event needs it.
    name = batch_id(events) if any(not event.event_id for event in events) else ""
    rows, rejected = [], []
    for index, event in enumerate(events):
        incoming = read_event(event, f"{name}-{index}")
        row = incoming if isinstance(incoming, Refusal) else accept(incoming, clock, sender)
        if isinstance(row, Row):
            rows.append(row)
        else:
            rejected.append(
                RejectedEvent(index=index, field=row.field, reason=row.reason, message=row.message)
            )
    return rows, rejected
