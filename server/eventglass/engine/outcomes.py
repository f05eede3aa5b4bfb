"""What becomes of calls that were stored together."""

import asyncio
import time
from collections.abc import Sequence
from typing import TypeVar

from eventglass.engine.failures import RETRY_AFTER, not_stored
from eventglass.errors import EventglassError, UnavailableError

_T = TypeVar("_T")

# What takes longer has an engine that is away, or as good as away: nobody else waits for it.
STALLED_SECONDS = 5.0


def settle(callers: Sequence["asyncio.Future[_T]"], outcome: Sequence[_T] | EventglassError) -> None:
    """Tell each caller that still waits what became of its call; an error is everybody's."""
    for index, done in enumerate(callers):
        if done.done():
            continue
        if isinstance(outcome, EventglassError):
            done.set_exception(outcome)
        else:
            done.set_result(outcome[index])


def check_not_stalled(storing: "asyncio.Task[None] | None", since: float, *, what: str) -> None:
    """Raise UnavailableError for who would wait behind what is being stored for too long.

    Args:
        storing: what is being stored.
        since: when that began, by `time.monotonic`.
        what: is not taken in, in words.
    """
    if storing and not storing.done() and time.monotonic() - since > STALLED_SECONDS:
        raise UnavailableError(
            f"the engine does not take in {what} just now; send it again",
            reason="ENGINE_UNAVAILABLE",
            retry_after=RETRY_AFTER,
        )


def told_to_callers(error: EventglassError) -> EventglassError:
    """Choose what calls are told that an error kept from being stored: nothing that helps no caller.

    That is a limit of a look-up within, say, which no caller asked for.
    """
    return error if error.retry_after is not None else not_stored()
