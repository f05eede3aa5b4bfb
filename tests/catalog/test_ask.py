"""The catalog asked from the event loop."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from eventglass.catalog import ask as module
from eventglass.catalog.ask import ask
from eventglass.errors import UnavailableError


async def test_who_asks_while_no_thread_can_be_started_is_told_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_more(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with ThreadPoolExecutor(1) as unused, monkeypatch.context() as patched:
        patched.setattr(module, "_THREADS", unused)
        patched.setattr(threading.Thread, "start", no_more)
        with pytest.raises(UnavailableError) as told:
            await ask(list)
        patched.undo()

        assert told.value.reason == "CATALOG_UNAVAILABLE"
        assert told.value.retry_after is not None
    assert await ask(list) == []
