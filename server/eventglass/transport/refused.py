"""Answers to requests that are refused before they are calls: like calls, each has a line in the log.

So an operator finds by its request id what a client met that used a wrong path, method or encoding.
"""

import time
from collections.abc import Mapping
from http import HTTPStatus

from eventglass.errors import EventglassError, UnimplementedError
from eventglass.transport.call import Call
from eventglass.transport.guard import log_failure
from eventglass.transport.plain_http import Event, Send, answer_error, answer_web_error, headers_of, peer_of

# Paths that are no method's are as long as callers like.
_SHOWN = 100


def call_of(
    scope: Event, *, protocol: str, method: str = "", headers: Mapping[str, str] | None = None
) -> Call:
    """Describe a request.

    Args:
        scope: ASGI's.
        protocol: by which it came; http where nobody looked.
        method: what it calls, where its path does not tell.
        headers: those that came, and those that were made of what stood elsewhere; None: those that came.
    """
    return Call.received(
        method=method or scope["path"][:_SHOWN],
        headers=headers_of(scope) if headers is None else headers,
        peer=peer_of(scope),
        protocol=protocol,
        remaining=None,
    )


async def refuse_request(
    send: Send,
    call: Call,
    error: EventglassError,
    *,
    started: float | None = None,
    status: HTTPStatus | None = None,
    headers: Mapping[str, str] | None = None,
    is_web: bool = False,
) -> None:
    """Log a refusal and send it.

    Args:
        send: ASGI's.
        call: what is refused.
        error: what to tell the caller.
        started: when it began, on the monotonic clock; None: right now.
        status: where it is not the one that Connect gives the error's code.
        headers: besides those that tell of the error.
        is_web: its caller speaks gRPC-Web, reads errors from headers, and of another status nothing else.
    """
    log_failure(call, time.monotonic() if started is None else started, error)
    if is_web:
        await answer_web_error(send, error, call.request_id)
        return
    await answer_error(send, error, call.request_id, status, headers)


async def refuse_method(send: Send, call: Call, wanted: str) -> None:
    """Tell a caller which HTTP method to use instead."""
    error = UnimplementedError(f"send {wanted}", reason="METHOD_NOT_ALLOWED")
    await refuse_request(send, call, error, status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"allow": wanted})
