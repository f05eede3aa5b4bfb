"""Read requests to store events: one event that cannot be read is refused, and its batch is not."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from eventglass.errors import InvalidArgumentError, Violation, refuse
from eventglass.ingest.accept import Refusal, Sent, Unread, printable
from eventglass.ingest.batch import MAX_EVENTS
from eventglass.spec.times import NANOS, of_nanos
from eventglass.transport.binary_decoder import read_binary
from eventglass.transport.decoding import Encoding
from eventglass.transport.findings import Findings, Path, spell
from eventglass.transport.json_decoder import read_json
from eventglass.transport.plain_batch import SentBatch, read_plain_batch
from events.v1.events_service_pb2 import BatchCreateRequest

_EVENTS: Final = (None, "events")
_DEEPEST = "is nested too deep; flatten it"


def read_batch(data: bytes, encoding: Encoding) -> SentBatch:
    """Read a request to store events.

    Raises:
        InvalidArgumentError: it cannot be read, or none of its events can.
    """
    plain = read_plain_batch(data) if encoding is Encoding.PROTO else None
    if plain is not None:
        return plain
    findings = _Findings()
    read = read_json if encoding is Encoding.JSON else read_binary
    request = read(data, BatchCreateRequest, findings).message
    if findings.violations or (findings.of_events and len(findings.of_events) >= len(request.events)):
        refuse([*findings.violations, *map(_of_request, findings.of_events.items())])
    events: Sequence[Sent] = request.events
    if findings.of_events:
        events = _with_unread(events, findings.of_events, _contents(data, encoding))
    return SentBatch(events=events, sent_at=_sent_at(request))


@dataclass(slots=True)
class _Findings(Findings):
    """Findings of a batch, and of each event at most one, by its place.

    Of more events than a batch may have there are none: that batch is refused as a whole.
    """

    of_events: dict[int, Violation] = field(default_factory=dict)

    def takes(self, path: Path) -> bool:
        """Tell whether what is wrong at a place would be reported."""
        index, _ = _in_event(path)
        if index is None:
            return Findings.takes(self, path)
        return index not in self.of_events and len(self.of_events) < MAX_EVENTS

    def add(self, path: Path, code: str, description: str) -> None:
        """Note what is wrong at a place."""
        index, place = _in_event(path)
        if index is None:
            Findings.add(self, path, code, description)
        elif self.takes(path):
            self.of_events[index] = Violation(field=spell(place), code=code, description=description)


def _in_event(path: Path) -> tuple[int | None, Path]:
    """Give the place of the event that something is in, and where in it."""
    steps: list[str | int] = []
    while path is not None:
        path, step = path
        if path == _EVENTS and isinstance(step, int):
            place: Path = None
            for each in reversed(steps):
                place = place, each
            return step, place
        steps.append(step)
    return None, None


def _of_request(found: tuple[int, Violation]) -> Violation:
    index, violation = found
    place = f"events[{index}].{violation.field}" if violation.field else f"events[{index}]"
    return Violation(field=place, code=violation.code, description=violation.description)


def _with_unread(
    events: Sequence[Sent], found: dict[int, Violation], contents: Sequence[bytes]
) -> list[Sent]:
    result = list(events)
    for index, violation in found.items():
        name, reason = printable(violation.field), violation.code
        refusal = Refusal(field=name, reason=reason, message=violation.description)
        result[index] = Unread(refusal=refusal, content=contents[index])
    return result


def _contents(data: bytes, encoding: Encoding) -> list[bytes]:
    """Give each event as it was sent, of which the readers leave out what they do not know.

    A batch whose events have no ids is named by all of it, however it is spelled.
    """
    if encoding is Encoding.PROTO:
        request = BatchCreateRequest.FromString(data)
        return [event.SerializeToString(deterministic=True) for event in request.events]
    try:
        return [json.dumps(event, sort_keys=True).encode() for event in json.loads(data)["events"]]
    except RecursionError:
        violation = Violation(field="events", code="TOO_DEEP", description=_DEEPEST)
        raise InvalidArgumentError.of([violation]) from None


def _sent_at(request: BatchCreateRequest) -> datetime | None:
    if not request.HasField("sent_at"):
        return None
    try:
        return request.sent_at.ToDatetime(UTC)
    except (ValueError, OverflowError):
        in_nanos = any(of_nanos("sent_at", request.sent_at))
        description = NANOS if in_nanos else "must be an instant from year 1 to 9999"
        violation = Violation(field="sent_at", code="INVALID_TIMESTAMP", description=description)
        raise InvalidArgumentError.of([violation]) from None
