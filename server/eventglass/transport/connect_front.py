"""The Connect, gRPC-Web and JSON front end: connectrpc's ASGI application around our calls.

Connectrpc does the protocols: envelopes, compression (bounded), timeouts, and watching for callers who
leave. Requests and replies pass through it as bytes, so that the guard has a call from end to end.
"""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from connectrpc.code import Code
from connectrpc.codec import Codec
from connectrpc.compression.gzip import GzipCompression
from connectrpc.errors import ConnectError, ErrorDetail
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from connectrpc.request import RequestContext
from connectrpc.server import ConnectASGIApplication, Endpoint
from google.protobuf.descriptor_pb2 import MethodOptions
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.rpc import code_pb2
from protobuf.wkt import Any as Packed
from protobuf.wkt import Struct

from eventglass import errors
from eventglass.transport.call import AnyMethod, Call, Method, Streaming, joined
from eventglass.transport.decoding import Encoding
from eventglass.transport.error_details import details_of, message_of
from eventglass.transport.guard import Guard, internal_error, log_failure
from eventglass.transport.plain_http import REQUEST_ID, error_headers
from eventglass.transport.refusals import Taken

# The two libraries spell one name differently.
_CODES: Mapping[int, Code] = {
    code_pb2.Code.Value("CANCELLED" if code is Code.CANCELED else code.name): code for code in Code
}

# What connectrpc itself refuses, before the guard sees it. Anything else it raises is unforeseen.
_REFUSALS: Mapping[Code, tuple[type[errors.EventglassError], str]] = {
    Code.CANCELED: (errors.CancelledError, "CANCELLED"),
    Code.DEADLINE_EXCEEDED: (errors.DeadlineError, "DEADLINE_EXCEEDED"),
    Code.INVALID_ARGUMENT: (errors.InvalidArgumentError, "BROKEN_REQUEST"),
    # An envelope that says it is compressed, of a call that has not said how.
    Code.INTERNAL: (errors.InvalidArgumentError, "BROKEN_REQUEST"),
    Code.RESOURCE_EXHAUSTED: (errors.LimitError, "REQUEST_TOO_LARGE"),
    Code.UNIMPLEMENTED: (errors.UnimplementedError, "UNKNOWN_ENCODING"),
}


# Where each protocol says how a request is packed.
_PACKINGS = ("content-encoding", "connect-content-encoding", "grpc-encoding")
_KNOWN_PACKINGS = frozenset({"", "identity", "gzip"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """A request as it came, uncompressed."""

    data: bytes
    encoding: Encoding


_Context = RequestContext[_Request, bytes]
_Handle = Callable[[_Request, _Context], Awaitable[bytes]]
_Stream = Callable[[_Request, _Context], AsyncGenerator[bytes]]


@dataclass(frozen=True, slots=True)
class _Bytes(Codec[bytes, _Request]):
    """Hands requests and replies through as they are."""

    encoding: Encoding

    def name(self) -> str:
        return self.encoding.value

    def encode(self, message: bytes) -> bytes:
        return message

    def decode(self, data: bytes | bytearray, message_class: type[_Request]) -> _Request:
        return message_class(data=bytes(data), encoding=self.encoding)


# By whether a method has many replies.
_TYPES: Mapping[bool, frozenset[str]] = {
    False: frozenset(f"application/{each.value}" for each in Encoding),
    True: frozenset(f"application/connect+{each.value}" for each in Encoding),
}


class ConnectApp(ConnectASGIApplication[None]):
    """Our methods as one ASGI application.

    Its `methods` are what each method takes, by path.
    """

    path = ""

    def __init__(self, methods: Sequence[AnyMethod], guard: Guard, *, most_bytes: int) -> None:
        unary = {
            method.path: Endpoint.unary(_info(method, StreamType.UNARY), _handler(method, guard))
            for method in methods
            if isinstance(method, Method)
        }
        streams = {
            method.path: Endpoint.server_stream(
                _info(method, StreamType.SERVER_STREAM), _stream(method, guard)
            )
            for method in methods
            if isinstance(method, Streaming)
        }
        self.methods = {method.path: _taken(method) for method in methods}
        super().__init__(
            service=None,
            endpoints=lambda _: unary | streams,
            interceptors=(_Refusals(most_bytes),),
            read_max_bytes=most_bytes,
            # The highest levels take several times as long for a few percent.
            compressions=(GzipCompression(level=1),),
            codecs=[_Bytes(encoding) for encoding in Encoding],
        )


def _taken(method: AnyMethod) -> Taken:
    is_stream = isinstance(method, Streaming)
    return Taken(types=_TYPES[is_stream], by_get=_is_pure(method) and not is_stream)


def _is_pure(method: AnyMethod) -> bool:
    level: int = method.descriptor.GetOptions().idempotency_level
    return level == MethodOptions.NO_SIDE_EFFECTS


def _info(method: AnyMethod, stream_type: StreamType) -> MethodInfo[_Request, bytes]:
    return MethodInfo(
        name=method.descriptor.name,
        service_name=method.descriptor.containing_service.full_name,
        input=_Request,
        output=bytes,
        idempotency_level=IdempotencyLevel.NO_SIDE_EFFECTS if _is_pure(method) else IdempotencyLevel.UNKNOWN,
        stream_type=stream_type,
    )


def _handler(method: Method, guard: Guard) -> _Handle:
    async def handle(request: _Request, context: _Context) -> bytes:
        call = _call(context)
        try:
            return await guard.run(method, call, request.data, request.encoding)
        except errors.EventglassError as error:
            raise _wire_error(error, call, context) from error

    return handle


def _stream(method: Streaming, guard: Guard) -> _Stream:
    async def stream(request: _Request, context: _Context) -> AsyncGenerator[bytes]:
        call = _call(context)
        try:
            async with aclosing(guard.stream(method, call, request.data, request.encoding)) as replies:
                async for reply in replies:
                    yield reply
        except errors.EventglassError as error:
            raise _wire_error(error, call, context) from error

    return stream


class _Refusals:
    """Gives what connectrpc itself refuses the same details, and the same line in the log, as our errors."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes

    async def on_start(self, _context: _Context) -> float:
        return time.monotonic()

    async def on_end(self, started: float, context: _Context, error: Exception | None) -> None:
        if error is None or (isinstance(error, ConnectError) and error.details):
            return
        logged = REQUEST_ID in context.response_headers
        call = _call(context)
        refusal = self._refusal(error, call)
        if not logged or isinstance(refusal, errors.InternalError):
            cause = error if isinstance(refusal, errors.InternalError) else None
            log_failure(call, started, refusal, cause=cause)
        raise _wire_error(refusal, call, context)

    def _refusal(self, error: Exception, call: Call) -> errors.EventglassError:
        if isinstance(error, errors.EventglassError):  # of the body, see bodies.py
            return error
        if not isinstance(error, ConnectError) or error.code not in _REFUSALS:
            return internal_error(call.request_id)
        kind, reason = _REFUSALS[error.code]
        message = error.message
        if kind is errors.LimitError:
            message = f"the request is larger than {self._most_bytes:,} bytes; send less at once"
        elif kind is errors.UnimplementedError and _is_unpacked(call.headers):
            # The code is gRPC's own of who sends none or several.
            reason = "NOT_ONE_MESSAGE"
            message = f"send exactly one message, behind the five bytes of its envelope; {error.message}"
        return kind(message, reason=reason)


def _is_unpacked(headers: Mapping[str, str]) -> bool:
    """Tell whether a request is not packed, or in a way that is known here."""
    return all(headers.get(name, "") in _KNOWN_PACKINGS for name in _PACKINGS)


def _call(context: _Context) -> Call:
    """Describe a call, with the same id whenever it is asked."""
    headers = joined(context.request_headers.allitems())
    web = headers.get("content-type", "").startswith("application/grpc-web")
    call = Call.received(
        method=f"/{context.method.service_name}/{context.method.name}",
        headers=headers,
        peer=context.client_address or "",
        protocol="grpc-web" if web else "connect",
        remaining=None if context.timeout_ms is None else context.timeout_ms / 1_000,
        request_id=context.response_headers.get(REQUEST_ID),
    )
    context.response_headers[REQUEST_ID] = call.request_id
    return call


def _wire_error(error: errors.EventglassError, call: Call, context: _Context) -> ConnectError:
    context.response_headers.update(error_headers(error, call.request_id))
    details = [_Detail(detail) for detail in details_of(error, call.request_id)]
    return ConnectError(_CODES[error.code], message_of(error), details)


class _Detail(ErrorDetail):
    """A detail that Connect also shows as plain JSON, under `debug`, for who reads errors with curl."""

    def __init__(self, detail: Message) -> None:
        name = detail.DESCRIPTOR.full_name
        super().__init__(Packed(type_url=f"type.googleapis.com/{name}", value=detail.SerializeToString()))
        self._plain = MessageToDict(detail)

    def value(self, *_: object) -> Struct:  # type: ignore[override]
        return Struct.from_python(self._plain)
