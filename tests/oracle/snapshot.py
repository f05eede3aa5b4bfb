"""What goes on right now, as the oracle counts it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.oracle.history import StoredEvent
from tests.oracle.values import read

# A name or page, its events, its persons.
Item = tuple[str, int, int]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The numbers of a snapshot."""

    events: int
    per_minute: float
    users: int
    sessions: int
    pages: list[Item]
    names: list[Item]
    latest: list[str]


def counted(
    listed: Sequence[StoredEvent], *, last: int, window: int, page_property: str, limit: int
) -> Counts:
    """Count the events of the last milliseconds.

    Args:
        listed: all events that pass, the latest first.
        last: the current millisecond.
        window: how many there are, this one included.
        page_property: what names a page, if it is a text.
        limit: how many names, pages and latest events there are at most.
    """
    seen = [event for event in listed if last - window < event.time <= last]

    def page(event: StoredEvent) -> str | None:
        value = read(event, page_property)
        return value if isinstance(value, str) else None

    return Counts(
        events=len(seen),
        per_minute=len(seen) / (window / 60_000),
        users=len({event.person for event in seen if event.person}),
        sessions=len(
            {(event.person, event.session_id) for event in seen if event.person and event.session_id}
        ),
        pages=_top(seen, page, limit),
        names=_top(seen, lambda event: event.name, limit),
        latest=[event.event_id for event in seen[:limit]],
    )


def _top(
    events: Sequence[StoredEvent], value_of: Callable[[StoredEvent], str | None], limit: int
) -> list[Item]:
    by_value: dict[str, list[StoredEvent]] = {}
    for event in events:
        value = value_of(event)
        if value is not None:
            by_value.setdefault(value, []).append(event)
    items = [
        (value, len(each), len({event.person for event in each if event.person}))
        for value, each in by_value.items()
    ]
    return sorted(items, key=lambda item: (-item[1], item[0]))[:limit]
