"""A running server, called with the Connect protocol over one kept connection; blocks."""

import base64
import http.client
import json
from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlsplit

from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo

from eventglass import errors

Reply = TypeVar("Reply", bound=Message)

_SECONDS: Final = 120.0

# The errors by Connect's names for their codes.
_ERRORS: Final[Mapping[str, type[errors.EventglassError]]] = {
    "invalid_argument": errors.InvalidArgumentError,
    "unauthenticated": errors.UnauthenticatedError,
    "permission_denied": errors.PermissionDeniedError,
    "not_found": errors.NotFoundError,
    "already_exists": errors.AlreadyExistsError,
    "resource_exhausted": errors.LimitError,
    "deadline_exceeded": errors.DeadlineError,
    "canceled": errors.CancelledError,
    "unavailable": errors.UnavailableError,
    "unimplemented": errors.UnimplementedError,
    "internal": errors.InternalError,
}


class Remote:
    """A server and the credential for it.

    Args:
        url: where its HTTP port is, as in `http://127.0.0.1:8080`.
        key: the caller's.
        project: the project that is meant.

    Raises:
        InvalidArgumentError: the URL is none, or there is no key.
    """

    def __init__(self, *, url: str, key: str, project: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _CONNECTIONS or not parts.hostname:
            raise errors.InvalidArgumentError(f"{url!r} is no URL of a server, such as http://127.0.0.1:8080")
        if not key:
            raise errors.InvalidArgumentError(f"name the key for {url} with --key or EVENTGLASS_KEY")
        self._url = url
        self._path = parts.path.rstrip("/")
        self._connection = _CONNECTIONS[parts.scheme](parts.hostname, parts.port, timeout=_SECONDS)
        self._headers = {
            "Authorization": f"Bearer {key}",
            "x-project-id": project,
            "Content-Type": "application/proto",
            "Connect-Protocol-Version": "1",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def call(self, method: str, request: Message, reply: type[Reply]) -> Reply:
        """Call a method, such as `/insights.v1.InsightsService/Query`.

        Raises:
            EventglassError: what the server answers; UnavailableError also when it cannot be reached.
        """
        body = request.SerializeToString()
        try:
            self._connection.request("POST", f"{self._path}{method}", body, self._headers)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            message = f"cannot reach {self._url}: {reason}"
            raise errors.UnavailableError(message, reason="UNREACHABLE") from error
        if response.status != http.HTTPStatus.OK:
            raise _error(content, response.status, self._url)
        return reply.FromString(content)


_CONNECTIONS: Final[Mapping[str, type[http.client.HTTPConnection]]] = {
    "http": http.client.HTTPConnection,
    "https": http.client.HTTPSConnection,
}


def _error(content: bytes, status: int, url: str) -> errors.EventglassError:
    try:
        found = json.loads(content)
        kind = _ERRORS[found["code"]]
        details = {each["type"]: _decoded(each["value"]) for each in found.get("details", ())}
        message = str(found.get("message", ""))
    except (ValueError, KeyError, TypeError):
        return errors.UnavailableError(
            f"{url} answered HTTP {status}, and not as eventglass does; is this the right address?",
            reason="NO_EVENTGLASS",
        )
    return kind(message, **_of_details(details))


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))


def _of_details(details: Mapping[str, bytes]) -> dict[str, Any]:
    """Give the arguments of an error that the details of a reply hold."""
    found: dict[str, Any] = {}
    if info := details.get(ErrorInfo.DESCRIPTOR.full_name):
        found["reason"] = ErrorInfo.FromString(info).reason
    if bad := details.get(BadRequest.DESCRIPTOR.full_name):
        found["violations"] = [
            errors.Violation(field=each.field, code=each.reason, description=each.description)
            for each in BadRequest.FromString(bad).field_violations
        ]
    if retry := details.get(RetryInfo.DESCRIPTOR.full_name):
        delay: timedelta = RetryInfo.FromString(retry).retry_delay.ToTimedelta()
        found["retry_after"] = delay
    return found
