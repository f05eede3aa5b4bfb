"""Tasks that nobody waits for: if one fails, the log says so, and at once."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

_log = structlog.get_logger(__name__)


def begin(work: Coroutine[Any, Any, None], name: str) -> "asyncio.Task[None]":
    """Begin a task that ends by itself or by being cancelled. Keep it: the loop does not.

    Args:
        work: what it does.
        name: what the log calls it.
    """
    task = asyncio.get_running_loop().create_task(work, name=name)
    task.add_done_callback(_say_if_failed)
    return task


def _say_if_failed(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("a task failed", task=task.get_name(), exc_info=error)
