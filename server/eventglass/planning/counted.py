"""What is gathered of counts that is true of a project when a question is asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Which rows of event_hours count, and of which events they are (ingest/event_hours.py).

    Args:
        edition: of the rows.
        calls: whose rows count.
        until: they are of the events that arrived before, in milliseconds since 1970.
        properties: names of those whose values are counted, too, in property_hours.
        summed: names of those whose numbers are summed.
    """

    edition: int
    calls: tuple[int, ...]
    until: int
    properties: frozenset[str] = frozenset()
    summed: frozenset[str] = frozenset()
