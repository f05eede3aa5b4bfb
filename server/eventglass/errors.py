"""Every error that a caller can meet.

    EventglassError             never raised itself
    ├── InvalidArgumentError    the spec or batch is wrong: every violation at once
    ├── UnauthenticatedError    no credential, or an unknown one
    ├── PermissionDeniedError   a known credential that may not do this
    ├── NotFoundError           no such thing
    ├── AlreadyExistsError      there is one already
    ├── LimitError              a limit was hit, named
    ├── DeadlineError           the caller's time is up
    ├── CancelledError          the caller left
    ├── UnavailableError        the engine is away
    ├── UnimplementedError      not spoken here: a path, method, port or encoding
    └── InternalError           unforeseen; says nothing but a request id

Messages say which field, what is wrong and what to do. They never hold SQL, a stack, or the name
of a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from google.rpc import code_pb2

DOMAIN = "eventglass"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One thing that is wrong with a request.

    Args:
        field: its path in proto names, as in `query.events[0].filters[1].operator`.
        code: what kind, in upper snake case; stable.
        description: what is wrong and what to do.
    """

    field: str
    code: str
    description: str


class EventglassError(Exception):
    """An error with the code and reason that callers see. Never raised itself."""

    code: ClassVar[int] = code_pb2.INTERNAL
    default_reason: ClassVar[str] = "INTERNAL"

    def __init__(
        self,
        message: str,
        *,
        reason: str | None = None,
        violations: Sequence[Violation] = (),
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason or self.default_reason
        self.violations = tuple(violations)
        self.retry_after = retry_after


class InvalidArgumentError(EventglassError):
    """The request is wrong."""

    code = code_pb2.INVALID_ARGUMENT
    default_reason = "INVALID_ARGUMENT"

    @classmethod
    def of(cls, violations: Sequence[Violation]) -> "InvalidArgumentError":
        """Make one error of all violations of a request (at least one)."""
        first = violations[0]
        more = f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""
        place = f"{first.field}: " if first.field else ""
        return cls(f"{place}{first.description}{more}", reason=first.code, violations=violations)


def refuse(violations: Sequence[Violation]) -> None:
    """Raise InvalidArgumentError with all violations of a request, if it has any."""
    if violations:
        raise InvalidArgumentError.of(violations)


class UnauthenticatedError(EventglassError):
    """No credential, or an unknown one."""

    code = code_pb2.UNAUTHENTICATED
    default_reason = "UNAUTHENTICATED"


class PermissionDeniedError(EventglassError):
    """A known credential that may not do this."""

    code = code_pb2.PERMISSION_DENIED
    default_reason = "PERMISSION_DENIED"


class NotFoundError(EventglassError):
    """No such thing."""

    code = code_pb2.NOT_FOUND
    default_reason = "NOT_FOUND"


class AlreadyExistsError(EventglassError):
    """There is one already."""

    code = code_pb2.ALREADY_EXISTS
    default_reason = "ALREADY_EXISTS"


class LimitError(EventglassError):
    """A limit was hit; the message names it."""

    code = code_pb2.RESOURCE_EXHAUSTED
    default_reason = "RESOURCE_EXHAUSTED"


class DeadlineError(EventglassError):
    """The caller's time is up."""

    code = code_pb2.DEADLINE_EXCEEDED
    default_reason = "DEADLINE_EXCEEDED"


class CancelledError(EventglassError):
    """The caller left, or the statement was ended."""

    code = code_pb2.CANCELLED
    default_reason = "CANCELLED"


class UnavailableError(EventglassError):
    """The engine is away; trying again helps."""

    code = code_pb2.UNAVAILABLE
    default_reason = "ENGINE_UNAVAILABLE"


class UnimplementedError(EventglassError):
    """Not spoken here: a path, method, port or encoding; the reason says which."""

    code = code_pb2.UNIMPLEMENTED
    default_reason = "UNIMPLEMENTED"


class InternalError(EventglassError):
    """Unforeseen."""
