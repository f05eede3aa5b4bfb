"""A running server, called with the Connect protocol over one kept connection; blocks."""

import base64
import http.client
import json
from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import SplitResult, urlsplit

from google.protobuf.message import DecodeError, Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo

from eventglass import errors

Reply = TypeVar("Reply", bound=Message)

_SECONDS: Final = 120.0
_ENCODING: Final = "application/proto"

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
        InvalidArgumentError: the URL is none, there is no key, or no key or project can be like this.
    """

    def __init__(self, *, url: str, key: str, project: str) -> None:
        self._connection, self._path = _connection(url)
        if not key:
            raise errors.InvalidArgumentError(f"name the key for {url} with --key or EVENTGLASS_KEY")
        if not _fits_a_header(key):
            # It may be a secret all the same, so that it is not shown.
            raise errors.InvalidArgumentError(f"the key for {url} has characters that no key has")
        if not _fits_a_header(project):
            raise errors.InvalidArgumentError(f"{project!r} is no id of a project")
        self._url = url
        self._headers = {
            "Authorization": f"Bearer {key}",
            "x-project-id": project,
            "Content-Type": _ENCODING,
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
            EventglassError: what the server answers; UnavailableError also when it cannot be reached, or is
                no eventglass.
        """
        body = request.SerializeToString()
        try:
            self._connection.request("POST", f"{self._path}{method}", body, self._headers)
            response = self._connection.getresponse()
            content = response.read()
        except OSError as error:
            self._connection.close()
            message = f"cannot reach {self._url}: {error.strerror or str(error) or type(error).__name__}"
            raise errors.UnavailableError(message, reason="UNREACHABLE") from error
        except http.client.HTTPException as error:
            self._connection.close()
            # The error would quote what came, such as the frames of a port for gRPC.
            raise _no_eventglass(f"{self._url} answered no HTTP/1.1") from error
        try:
            if response.status != http.HTTPStatus.OK:
                raise _error(content)
            if response.getheader("Content-Type") == _ENCODING:
                return reply.FromString(content)
        except (ValueError, KeyError, TypeError, AttributeError, DecodeError) as error:
            raise _no_eventglass(f"{self._url} answered HTTP {response.status}") from error
        raise _no_eventglass(f"{self._url} answered HTTP {response.status}")


_CONNECTIONS: Final[Mapping[str, type[http.client.HTTPConnection]]] = {
    "http": http.client.HTTPConnection,
    "https": http.client.HTTPSConnection,
}


def _connection(url: str) -> tuple[http.client.HTTPConnection, str]:
    """Make the connection that a URL means, not yet opened, and give the path there."""
    wrong = errors.InvalidArgumentError(f"{url!r} is no URL of a server, such as http://127.0.0.1:8080")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError as error:
        raise wrong from error
    if parts.scheme not in _CONNECTIONS or not host or not _is_plain(parts):
        raise wrong
    return _CONNECTIONS[parts.scheme](host, port, timeout=_SECONDS), parts.path.rstrip("/")


def _is_plain(parts: SplitResult) -> bool:
    """Whether nothing of a URL would be left out, or could not be sent."""
    left_out = parts.query or parts.fragment or "@" in parts.netloc
    return not left_out and (not parts.path or _fits_a_header(parts.path))


def _fits_a_header(text: str) -> bool:
    """Whether a text is one word of ASCII, as each key, each project's id and each path is."""
    return text.isascii() and text.isprintable() and " " not in text


def _no_eventglass(answered: str) -> errors.UnavailableError:
    message = f"{answered}, and not as the HTTP port of eventglass does; is this the right address?"
    return errors.UnavailableError(message, reason="NO_EVENTGLASS")


def _error(content: bytes) -> errors.EventglassError:
    """Read the error that a reply tells; another error of Python's when it tells none as eventglass does."""
    found = json.loads(content)
    details = {each["type"]: _decoded(each["value"]) for each in found.get("details", ())}
    return _ERRORS[found["code"]](str(found.get("message", "")), **_of_details(details))


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
