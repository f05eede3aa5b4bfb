"""What happens around every call, once for all protocols.

Each call is counted, its credential looked up, its request read, its method run, its reply written and
one line logged. All errors leave as EventglassError; what nobody foresaw becomes an InternalError that
says nothing but the request's id.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import structlog
from google.protobuf.message import Message
from google.rpc import code_pb2

from eventglass.aside import aside
from eventglass.catalog.ask import ask
from eventglass.catalog.project import Grant
from eventglass.errors import CancelledError, DeadlineError, EventglassError, InternalError, LimitError
from eventglass.transport.access import Grants, check, credential
from eventglass.transport.call import Call, Method, Streaming
from eventglass.transport.decoding import Encoding
from eventglass.transport.json_encoder import to_json

Write = Callable[[Message], bytes]

_WRITERS: Mapping[Encoding, Write] = {
    Encoding.JSON: to_json,
    Encoding.PROTO: lambda message: message.SerializeToString(),
}

_LOG = structlog.stdlib.get_logger("eventglass.call")
_RETRY = timedelta(seconds=1)
_SHOWN = 100

# Bytes of a reply, in binary form, whose JSON takes so long to write that other calls should not wait for it:
# some 10 ms. Binary ones are written at once.
_LARGE = 100_000

# How long a stream may go on after its key was revoked; the catalog's own cache comes on top.
_GRANT_SECONDS = 1.0


@dataclass(slots=True, kw_only=True)
class Guard:
    """Runs calls.

    Args:
        grants: knows the credentials.
        most_calls: how many calls with one reply may run at the same time; more are refused at once.
        most_streams: how many with many replies, likewise.
        most_bytes: how large the requests of calls with one reply may be together, likewise.
    """

    grants: Grants
    most_calls: int
    most_streams: int
    most_bytes: int = 2**23
    _bytes: int = field(default=0, init=False)
    _running: int = field(default=0, init=False)
    _streaming: int = field(default=0, init=False)
    _asked: dict[tuple[str, str], asyncio.Future[Grant]] = field(default_factory=dict, init=False)

    async def run(self, method: Method, call: Call, data: bytes, encoding: Encoding) -> bytes:
        """Run one call and return its reply, in the encoding of its request.

        Raises:
            EventglassError: what to tell the caller.
            asyncio.CancelledError: the caller left, or its time is up.
        """
        started = time.monotonic()
        self._running += 1
        self._bytes += len(data)
        try:
            with _telling_failures(call, started):
                self._check_room()
                grant = await self._grant(method, call)
                reply = await method.answer(data, encoding, call, grant)
                body = await _written(reply.message, encoding)
        finally:
            self._running -= 1
            self._bytes -= len(data)
        _log(call, started, outcome="OK", rows=reply.rows, engine_seconds=reply.engine_seconds)
        return body

    async def stream(
        self, method: Streaming, call: Call, data: bytes, encoding: Encoding, *, write: Write | None = None
    ) -> AsyncGenerator[bytes]:
        """Run one call and yield its replies; close it where it is left early.

        Args:
            method: what is called.
            call: by whom.
            data: the request.
            encoding: of the request.
            write: writes a reply; None: in the encoding of the request.

        Raises:
            EventglassError: what to tell the caller; also when its key is revoked meanwhile.
            asyncio.CancelledError: the caller left, or its time is up.
        """
        started = time.monotonic()
        write = write or _WRITERS[encoding]
        rows = 0
        self._streaming += 1
        try:
            with _telling_failures(call, started):
                if self._streaming > self.most_streams:
                    message = f"the server has {self.most_streams} streams already; try again later"
                    raise LimitError(message, reason="TOO_MANY_STREAMS", retry_after=_RETRY)
                grant = await self._grant(method, call)
                granted = time.monotonic()
                async with aclosing(method.answer(data, encoding, call, grant)) as replies:
                    async for reply in replies:
                        if time.monotonic() - granted > _GRANT_SECONDS:
                            await self._grant(method, call)
                            granted = time.monotonic()
                        if reply is not None:
                            rows += reply.rows
                            yield write(reply.message)
        finally:
            self._streaming -= 1
        _log(call, started, outcome="OK", rows=rows)

    def _check_room(self) -> None:
        if self._running > self.most_calls:
            message = f"the server is busy with {self.most_calls} calls; try again later"
            raise LimitError(message, reason="TOO_MANY_CALLS", retry_after=_RETRY)
        if self._bytes > self.most_bytes and self._running > 1:
            message = f"the server is busy with {self.most_bytes:,} bytes of requests; try again later"
            raise LimitError(message, reason="TOO_MANY_BYTES", retry_after=_RETRY)

    async def _grant(self, method: Method | Streaming, call: Call) -> Grant:
        secret, project_id = credential(call.headers, call.protocol)
        grant = self.grants.kept(secret, project_id) or await self._look_up(secret, project_id)
        check(grant, method.access)
        return grant

    async def _look_up(self, secret: str, project_id: str) -> Grant:
        """Look a credential up in a thread, once for all calls that wait for it."""
        key = secret, project_id
        if (asked := self._asked.get(key)) is None:
            asked = asyncio.ensure_future(ask(self.grants.grant, secret, project_id))
            self._asked[key] = asked
            asked.add_done_callback(partial(self._answered, key))
        # A caller that leaves takes nobody else's answer with it.
        return await asyncio.shield(asked)

    def _answered(self, key: tuple[str, str], asked: asyncio.Future[Grant]) -> None:
        del self._asked[key]
        if not asked.cancelled():
            asked.exception()  # which is nobody's when all callers have left


def _check_time(call: Call) -> None:
    """Refuse a call whose time was up before it came, even if its answer is at hand."""
    remaining = call.remaining()
    if remaining is not None and remaining <= 0:
        raise DeadlineError("the time for the call was up before it came; give it more")


async def _written(message: Message, encoding: Encoding) -> bytes:
    write = _WRITERS[encoding]
    if encoding is Encoding.JSON and message.ByteSize() >= _LARGE:
        return await aside(write, message)
    return write(message)


@contextmanager
def _telling_failures(call: Call, started: float) -> Iterator[None]:
    """Log how a call failed, and let nothing out but what callers may be told."""
    try:
        _check_time(call)
        yield
    except EventglassError as error:
        log_failure(call, started, error)
        raise
    except (asyncio.CancelledError, GeneratorExit):
        remaining = call.remaining()
        over = remaining is not None and remaining <= 0
        log_failure(call, started, DeadlineError("time is up") if over else CancelledError("caller left"))
        raise
    except Exception as error:
        # The only place that catches everything: nothing of an unforeseen error may reach a caller.
        unforeseen = internal_error(call.request_id)
        log_failure(call, started, unforeseen, cause=error)
        raise unforeseen from error


def internal_error(request_id: str) -> InternalError:
    """Make what a caller is told of an unforeseen error."""
    return InternalError(f"internal error; the server's log has more under {request_id}")


def log_failure(
    call: Call, started: float, error: EventglassError, *, cause: BaseException | None = None
) -> None:
    """Log the line of a call that ended with an error.

    Args:
        call: the call.
        started: when it began, on the monotonic clock.
        error: what its caller is told.
        cause: what was not foreseen; logged with its stack.
    """
    _log(call, started, outcome=code_pb2.Code.Name(error.code), reason=error.reason, cause=cause)


def _log(
    call: Call,
    started: float,
    *,
    outcome: str,
    reason: str = "",
    rows: int = 0,
    engine_seconds: float | None = None,
    cause: BaseException | None = None,
) -> None:
    engine = {} if engine_seconds is None else {"engine_ms": _milliseconds(engine_seconds)}
    write = _LOG.info if cause is None else _LOG.error
    write(
        "call",
        request_id=call.request_id,
        project=call.headers.get("x-project-id", "")[:_SHOWN],
        method=call.method,
        protocol=call.protocol,
        outcome=outcome,
        reason=reason,
        ms=_milliseconds(time.monotonic() - started),
        **engine,
        rows=rows,
        exc_info=cause,
    )


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1_000, 1)
