"""A stock of equal clients, lent to one user each."""

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clickhouse_connect.driver.client import Client


class Clients:
    """Open clients. Safe to share between threads.

    Args:
        open_client: makes one; takes 10 ms.
        number: how many.
    """

    def __init__(self, open_client: Callable[[], Client], number: int) -> None:
        self._open = open_client
        # None stands for one that is to be opened anew.
        self._idle: queue.SimpleQueue[Client | None] = queue.SimpleQueue()
        for _ in range(number):
            self._idle.put(open_client())

    @contextmanager
    def lend(self) -> Iterator[Client]:
        """Lend a client, and throw it away unless what it was used for succeeds.

        What a statement had put out before it failed, chDB 4.4 hands to the next statement of that
        client, ahead of that one's own answer: another caller's data.
        """
        client = self._idle.get()
        succeeded = False
        try:
            if client is None:
                client = self._open()
            yield client
            succeeded = True
        finally:
            if client is not None and not succeeded:
                client.close()
            self._idle.put(client if succeeded else None)

    def close(self) -> None:
        """Close those that are not lent."""
        while not self._idle.empty():
            if (client := self._idle.get()) is not None:
                client.close()
