"""What happens around every call, once for all protocols.

Each call is counted, its credential looked up, its request read, its method run, its reply written and
one line logged. All errors leave as EventglassError; what nobody foresaw becomes an InternalError that
says nothing but the request's id.
"""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from google.rpc import code_pb2

from eventglass.errors import CancelledError, DeadlineError, EventglassError, InternalError, LimitError
from eventglass.transport.access import Grants, check, credential
from eventglass.transport.call import Call, Method, Reply
from eventglass.transport.decoding import Encoding
from eventglass.transport.json_encoder import to_json

_LOG = structlog.stdlib.get_logger("eventglass.call")
_RETRY = timedelta(seconds=1)
_SHOWN = 100


@dataclass(slots=True, kw_only=True)
class Guard:
    """Runs calls.

    Args:
        grants: knows the credentials.
        most_calls: how many calls may run at the same time; more are refused at once.
    """

    grants: Grants
    most_calls: int
    _running: int = field(default=0, init=False)

    async def run(self, method: Method, call: Call, data: bytes, encoding: Encoding) -> bytes:
        """Run one call and return its reply, in the encoding of its request.

        Raises:
            EventglassError: what to tell the caller.
            asyncio.CancelledError: the caller left, or its time is up.
        """
        started = time.monotonic()
        self._running += 1
        try:
            reply, body = await self._reply(method, call, data, encoding)
        except EventglassError as error:
            log_failure(call, started, error)
            raise
        except asyncio.CancelledError:
            remaining = call.remaining()
            over = remaining is not None and remaining <= 0
            log_failure(call, started, DeadlineError("time is up") if over else CancelledError("caller left"))
            raise
        except Exception as error:
            # The only place that catches everything: nothing of an unforeseen error may reach a caller.
            unforeseen = internal_error(call.request_id)
            log_failure(call, started, unforeseen, cause=error)
            raise unforeseen from error
        finally:
            self._running -= 1
        _log(call, started, outcome="OK", rows=reply.rows)
        return body

    async def _reply(
        self, method: Method, call: Call, data: bytes, encoding: Encoding
    ) -> tuple[Reply, bytes]:
        if self._running > self.most_calls:
            message = f"the server is busy with {self.most_calls} calls; try again later"
            raise LimitError(message, reason="TOO_MANY_CALLS", retry_after=_RETRY)
        secret, project_id = credential(call.headers)
        grant = await asyncio.to_thread(self.grants.grant, secret, project_id)
        check(grant, method.access)
        reply = await method.answer(data, encoding, call, grant)
        body = to_json(reply.message) if encoding is Encoding.JSON else reply.message.SerializeToString()
        return reply, body


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
    cause: BaseException | None = None,
) -> None:
    write = _LOG.info if cause is None else _LOG.error
    write(
        "call",
        request_id=call.request_id,
        project=call.headers.get("x-project-id", "")[:_SHOWN],
        method=call.method,
        protocol=call.protocol,
        peer=call.peer,
        outcome=outcome,
        reason=reason,
        ms=round((time.monotonic() - started) * 1_000, 1),
        rows=rows,
        exc_info=cause,
    )
