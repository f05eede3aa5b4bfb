"""What becomes of calls that were stored together."""

import asyncio
from collections.abc import Sequence
from typing import TypeVar

from eventglass.errors import EventglassError

_T = TypeVar("_T")


def settle(callers: Sequence["asyncio.Future[_T]"], outcome: Sequence[_T] | EventglassError) -> None:
    """Tell each caller that still waits what became of its call; an error is everybody's."""
    for index, done in enumerate(callers):
        if done.done():
            continue
        if isinstance(outcome, EventglassError):
            done.set_exception(outcome)
        else:
            done.set_result(outcome[index])
