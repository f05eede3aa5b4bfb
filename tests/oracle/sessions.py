"""Sessions (semantics 2.4): the events of one person with one session id, whole, whatever the range."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.oracle.history import StoredEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session that counts for a series."""

    events: Sequence[StoredEvent]  # all of it, of any name
    passing: Sequence[StoredEvent]  # those that the series selects; at least one

    @property
    def begin(self) -> int:
        """The time of its first event."""
        return min(event.time for event in self.events)

    @property
    def duration(self) -> int:
        """Milliseconds from the first to the last event."""
        return max(event.time for event in self.events) - self.begin


def sessions(history: Iterable[StoredEvent], passing: Iterable[StoredEvent]) -> list[Session]:
    """The sessions that have at least one passing event."""
    whole, parts = _by_session(history), _by_session(passing)
    return [Session(events=whole[key], passing=parts[key]) for key in parts]


def _by_session(events: Iterable[StoredEvent]) -> dict[tuple[str, str], list[StoredEvent]]:
    groups: dict[tuple[str, str], list[StoredEvent]] = {}
    for event in events:
        if event.person and event.session_id:
            groups.setdefault((event.person, event.session_id), []).append(event)
    return groups
