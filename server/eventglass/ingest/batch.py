"""One batch as it came: the ids of events that bring none, what is accepted, what is refused."""

import asyncio
from collections.abc import Sequence
from hashlib import blake2b

from eventglass.errors import InvalidArgumentError, Violation
from eventglass.ingest.accept import Incoming, Refusal, Row, Sent, Unread, accept, read_event
from eventglass.ingest.accept_plain import accept_plain
from eventglass.ingest.clock import Clock
from eventglass.ingest.sender import UNKNOWN, Sender
from events.v1.event_pb2 import Event
from events.v1.events_service_pb2 import RejectedEvent

MAX_EVENTS = 1_000
# Events that take some 0.2 ms, or 0.5 if they are not plain.
_PART = 50


def check_size(events: Sequence[Sent]) -> None:
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


def batch_id(events: Sequence[Event | Unread]) -> str:
    """Name a batch by its content: equal events in equal order give an equal name."""
    content = blake2b(digest_size=16)
    for event in events:
        part = event.content if isinstance(event, Unread) else event.SerializeToString(deterministic=True)
        content.update(len(part).to_bytes(8, "little"))
        content.update(part)
    return content.hexdigest()


async def accept_in_parts(
    events: Sequence[Sent], clock: Clock, sender: Sender = UNKNOWN
) -> tuple[list[Row], list[RejectedEvent]]:
    """Do what `accept_batch` does, and let other tasks run meanwhile."""
    if len(events) <= _PART:
        return accept_batch(events, clock, sender)
    name = _name_if_needed(events)
    rows, rejected = list[Row](), list[RejectedEvent]()
    for first in range(0, len(events), _PART):
        part = events[first : first + _PART]
        accepted, refused = accept_batch(part, clock, sender, name=name, first=first)
        rows += accepted
        rejected += refused
        await asyncio.sleep(0)
    return rows, rejected


def accept_batch(
    events: Sequence[Sent],
    clock: Clock,
    sender: Sender = UNKNOWN,
    *,
    name: str | None = None,
    first: int = 0,
) -> tuple[list[Row], list[RejectedEvent]]:
    """Decide on each event by itself.

    Args:
        events: all of a batch, or some in a row.
        clock: see `accept`.
        sender: see `accept`.
        name: the batch's, if these are some of its events.
        first: the place of the first of them in the batch.
    """
    if (plain := accept_plain(events, clock, sender)) is not None:
        return plain, []
    if name is None:
        name = _name_if_needed(events)
    rows, rejected = [], []
    for index, event in enumerate(events, first):
        row = _judged(event, f"{name}-{index}", clock, sender)
        if isinstance(row, Row):
            rows.append(row)
        else:
            rejected.append(
                RejectedEvent(index=index, field=row.field, reason=row.reason, message=row.message)
            )
    return rows, rejected


def _judged(event: Sent, event_id: str, clock: Clock, sender: Sender) -> Row | Refusal:
    if isinstance(event, Unread):
        return event.refusal
    incoming = read_event(event, event_id) if isinstance(event, Event) else event
    return incoming if isinstance(incoming, Refusal) else accept(incoming, clock, sender)


def _name_if_needed(events: Sequence[Sent]) -> str:
    as_they_came = [event for event in events if not isinstance(event, Incoming)]
    # The whole batch is only read for its name when an event needs it.
    is_needed = any(isinstance(event, Event) and not event.event_id for event in as_they_came)
    return batch_id(as_they_came) if is_needed else ""
