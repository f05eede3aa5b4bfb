"""Inserts that failed without a word of the engine: it may still be at work on them.

Over HTTP a connection that is cut ends the client's call and not the server's INSERT, whose rows would come
to light long after their sender was told to send them again.
"""

import time
from dataclasses import dataclass, field
from typing import Final

from clickhouse_connect.driver.client import Client

KILL: Final = "KILL QUERY WHERE Settings['log_comment'] = {tag:String} ASYNC"
_RUNNING: Final = "SELECT count() FROM system.processes WHERE Settings['log_comment'] = {tag:String}"

# Until then a request that was sent whole is in the server's list of statements, or was one.
_ARRIVED_SECONDS: Final = 1.0


@dataclass(slots=True)
class Doubts:
    """The inserts of one pool that are in doubt, by their tags. Safe to share between threads."""

    _failed: dict[str, float] = field(default_factory=dict, init=False)

    def add(self, tag: str) -> None:
        """Take note of an insert that has just failed."""
        self._failed[tag] = time.monotonic()

    def all(self) -> list[str]:
        """Give the tags of all that are in doubt."""
        return list(self._failed)

    def end(self, client: Client, tag: str) -> bool:
        """End an insert in the engine; True: nothing of it goes on, for sure."""
        failed_at = self._failed.get(tag)
        if failed_at is None:
            return True  # who stores events and who stores persons may both have seen to it
        client.command(KILL, {"tag": tag})
        # Asked in this order: what is not there late enough has come and gone.
        late_enough = time.monotonic() - failed_at > _ARRIVED_SECONDS
        ((running,),) = client.query(_RUNNING, {"tag": tag}).result_rows
        if running or not late_enough:
            return False
        del self._failed[tag]
        return True
