"""Rows of an import, sent to a running server."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from google.protobuf.json_format import ParseDict

from eventglass.cli.patient import until_taken
from eventglass.cli.remote import Remote
from eventglass.errors import InvalidArgumentError
from eventglass.ingest.accept import Row
from eventglass.ingest.commit import Stored
from eventglass.live.stored import leaves_of, nested
from events.v1.event_pb2 import Event
from events.v1.events_service_pb2 import BatchCreateRequest, BatchCreateResponse

_METHOD: Final = "/events.v1.EventsService/BatchCreate"
# A batch is at most 1,000 events and, with what a text costs in JSON, safely below 4 MiB.
_MOST_EVENTS: Final = 1_000
_MOST_BYTES: Final = 1_500_000


class Upload:
    """A place for an import's rows.

    Args:
        remote: the server, with a key that may write.
    """

    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    async def store(self, _project_id: str, rows: Sequence[Row], *, now: datetime) -> Stored:
        """Send rows, and tell new events from known ones.

        Raises:
            EventglassError: what the server answers. What was sent before stays, and importing again is
                safe.
        """
        del now
        new = known = 0
        for batch in _batches(rows):
            reply = await self._send(batch)
            new += reply.events_created - reply.events_known
            known += reply.events_known
        return Stored(new=new, known=known)

    async def _send(self, batch: Sequence[Row]) -> BatchCreateResponse:
        request = BatchCreateRequest(events=map(event_of, batch))
        # Events have ids of their own here, so that sending them again adds nothing twice.
        reply = await until_taken(
            lambda: asyncio.to_thread(self._remote.call, _METHOD, request, BatchCreateResponse)
        )
        if reply.rejected:
            first = reply.rejected[0]
            raise InvalidArgumentError(f"the server refused {first.field}: {first.message}")
        return reply


def event_of(row: Row) -> Event:
    """Make a row the event it was made of."""
    event = Event(
        name=row.event,
        event_id=row.event_id,
        user_id=row.user_id,
        anonymous_id=row.anonymous_id,
        session_id=row.session_id,
    )
    event.timestamp.FromMilliseconds(row.time_ms)
    ParseDict(nested(leaves_of(json.loads(row.properties))), event.properties)
    return event


def _batches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        if batch and (len(batch) == _MOST_EVENTS or size + row.size > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += row.size
    if batch:
        yield batch
