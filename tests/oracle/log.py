"""The log as the oracle lists it: everything that happened, in order."""

from collections.abc import Collection, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from insights.v1.query_spec_pb2 import QuerySpec
from tests.oracle.filters import passes
from tests.oracle.history import StoredEvent, milliseconds, milliseconds_of


def listed(
    spec: QuerySpec, names: Collection[str], events: Iterable[StoredEvent], *, now: datetime, zone: ZoneInfo
) -> list[StoredEvent]:
    """Events up to now of the spec's range (if it has one), filters and tree, the latest first.

    Args:
        spec: of which nothing else counts.
        names: of events; empty: any.
        events: all that are stored.
        now: the instant of the question.
        zone: of times that name none.
    """
    first, after = milliseconds(spec.time_range.start), milliseconds(spec.time_range.end)
    everything = not spec.HasField("time_range")
    found = [
        event
        for event in events
        if event.time <= milliseconds_of(now)
        and (everything or first <= event.time < after)
        and (not names or event.name in names)
        and passes(event, spec.filters, spec.where, zone)
    ]
    return sorted(found, key=lambda event: (event.time, event.event_id), reverse=True)
