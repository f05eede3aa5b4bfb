"""The gRPC front end: grpc.aio, with health and reflection."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import NamedTuple, NoReturn

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from eventglass.errors import EventglassError
from eventglass.transport.call import AnyMethod, Call, Method, Streaming, joined
from eventglass.transport.decoding import Encoding
from eventglass.transport.descriptors import most_connections
from eventglass.transport.error_details import status_of
from eventglass.transport.guard import Guard
from eventglass.transport.presence import QUIET_SECONDS, pings

_Context = grpc.aio.ServicerContext[bytes, bytes]
_CODES = {code.value[0]: code for code in grpc.StatusCode}
_REQUEST_ID = "x-request-id"


class _Refusal(NamedTuple):
    """How a call ends that is refused."""

    code: grpc.StatusCode
    message: str
    trailers: tuple[tuple[str, str | bytes], ...]


def grpc_server(
    methods: Sequence[AnyMethod],
    guard: Guard,
    *,
    most_bytes: int,
    most_calls: int,
    quiet_seconds: float = QUIET_SECONDS,
) -> grpc.aio.Server:
    """Make a server, not started yet.

    Args:
        methods: what can be called.
        guard: runs the calls.
        most_bytes: how large a request may be.
        most_calls: how many calls may be there at the same time, waiting ones included.
        quiet_seconds: how long a caller may be silent before it is asked whether it is still there.
    """
    server = grpc.aio.server(
        maximum_concurrent_rpcs=most_calls,
        options=[
            ("grpc.max_receive_message_length", most_bytes),
            ("grpc.so_reuseport", 0),
            ("grpc.max_allowed_incoming_connections", most_connections()),
            *pings(quiet_seconds),
        ],
    )
    for service in _services(methods):
        handlers = {
            method.descriptor.name: _handler(method, guard)
            for method in methods
            if _service(method) == service
        }
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
    names = [*_services(methods), health.SERVICE_NAME, reflection.SERVICE_NAME]
    reflection.enable_server_reflection(names, server)
    return server


async def add_health(server: grpc.aio.Server, methods: Sequence[AnyMethod]) -> Callable[[], Awaitable[None]]:
    """Add the health service; all services are well until what this returns is called."""
    servicer = health.aio.HealthServicer()  # type: ignore[attr-defined]  # the stubs are older than it
    for service in ("", *_services(methods)):
        await servicer.set(service, health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)

    async def stop() -> None:
        await servicer.enter_graceful_shutdown()

    return stop


def _services(methods: Sequence[AnyMethod]) -> list[str]:
    return sorted({_service(method) for method in methods})


def _service(method: AnyMethod) -> str:
    return method.descriptor.containing_service.full_name


def _handler(method: AnyMethod, guard: Guard) -> "grpc.RpcMethodHandler[bytes, bytes]":
    path = method.path

    async def answer(method: Method, data: bytes, context: _Context) -> bytes:
        call = _received(path, context)
        try:
            return await guard.run(method, call, data, Encoding.PROTO)
        except EventglassError as error:
            refusal = _refusal(error, call)
        del data  # see _refuse
        return await _refuse(context, refusal)

    async def stream(method: Streaming, data: bytes, context: _Context) -> None:
        call = _received(path, context)
        try:
            async with aclosing(guard.stream(method, call, data, Encoding.PROTO)) as replies:
                async for reply in replies:
                    await context.write(reply)
        except EventglassError as error:
            refusal = _refusal(error, call)
        else:
            return
        del data
        await _refuse(context, refusal)

    if isinstance(method, Streaming):
        return grpc.unary_stream_rpc_method_handler(partial(stream, method))
    return grpc.unary_unary_rpc_method_handler(partial(answer, method))


def _received(path: str, context: _Context) -> Call:
    metadata = context.invocation_metadata() or ()
    call = Call.received(
        method=path,
        headers=joined((name, value) for name, value in metadata if isinstance(value, str)),
        peer=context.peer(),
        protocol="grpc",
        remaining=context.time_remaining(),
    )
    context.set_trailing_metadata(((_REQUEST_ID, call.request_id),))
    return call


def _refusal(error: EventglassError, call: Call) -> _Refusal:
    status = status_of(error, call.request_id)
    return _Refusal(
        _CODES[error.code],
        status.message,
        (("grpc-status-details-bin", status.SerializeToString()), (_REQUEST_ID, call.request_id)),
    )


async def _refuse(context: _Context, refusal: _Refusal) -> NoReturn:
    """End a call with what its caller is told of an error.

    What gRPC raises here stays with all frames that it passes, until cycles of objects are looked for. So
    nothing large may be in these: neither the request, nor the error that refuses it.
    """
    await context.abort(refusal.code, refusal.message, refusal.trailers)
    raise AssertionError("unreachable")
