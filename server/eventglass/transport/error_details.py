"""What callers are told of an error: google.rpc details, the same in every protocol."""

from collections.abc import Iterator, Sequence

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import status_pb2
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo

from eventglass.errors import DOMAIN, EventglassError, Violation

# gRPC clients refuse trailers beyond 8 KiB, and details travel there in base64.
_MOST_BYTES = 4_000
_LONGEST_PLACE = 200
_LONGEST_TEXT = 600
_LONGEST_MESSAGE = 800


def message_of(error: EventglassError) -> str:
    """Return an error's text, shortened."""
    return _cut(error.message, _LONGEST_MESSAGE)


def details_of(error: EventglassError, request_id: str) -> list[Message]:
    """Return ErrorInfo, and BadRequest and RetryInfo where they apply."""
    info = ErrorInfo(reason=error.reason, domain=DOMAIN, metadata={"request_id": request_id})
    details: list[Message] = [info]
    if error.violations:
        details.append(BadRequest(field_violations=_violations(error.violations)))
    if error.retry_after is not None:
        delay = Duration()
        delay.FromTimedelta(error.retry_after)
        details.append(RetryInfo(retry_delay=delay))
    return details


def status_of(error: EventglassError, request_id: str) -> status_pb2.Status:
    """Return all that a caller is told, as gRPC has it."""
    status = status_pb2.Status(code=error.code, message=message_of(error))
    for detail in details_of(error, request_id):
        status.details.add().Pack(detail)
    return status


def _violations(violations: Sequence[Violation]) -> Iterator[BadRequest.FieldViolation]:
    """Yield as many as fit, then one that says how many do not."""
    left = _MOST_BYTES
    for index, violation in enumerate(violations):
        wire = BadRequest.FieldViolation(
            field=_cut(violation.field, _LONGEST_PLACE),
            reason=violation.code,
            description=_cut(violation.description, _LONGEST_TEXT),
        )
        left -= wire.ByteSize()
        if left < 0:
            more = f"and {len(violations) - index} more; these do not fit into one answer"
            yield BadRequest.FieldViolation(reason="MORE_VIOLATIONS", description=more)
            return
        yield wire


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
