"""Who is in an audience, and what is left of the events when only theirs count (semantics 7.13 to 7.17)."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from insights.v1.filter_pb2 import Behavior, FilterExpression
from tests.oracle.filters import matches, passes
from tests.oracle.history import StoredEvent, milliseconds, remembered


def of_audience(
    events: Sequence[StoredEvent], where: FilterExpression, *, now: int, zone: ZoneInfo
) -> list[StoredEvent]:
    """Keep the events of the persons who are in an audience now; `zone` is the project's."""
    inside = members(events, where, now=now, zone=zone)
    return [event for event in events if event.person in inside]


def members(events: Iterable[StoredEvent], where: FilterExpression, *, now: int, zone: ZoneInfo) -> set[str]:
    """Name the persons who have done something up to now, and for whom the tree holds."""
    by_person: dict[str, list[StoredEvent]] = {}
    # Conditions ask of a session's other events, too.
    for event in remembered(event for event in events if event.time <= now):
        if event.person:
            by_person.setdefault(event.person, []).append(event)
    return {person for person, theirs in by_person.items() if _holds(theirs, where, now, zone)}


def _holds(theirs: list[StoredEvent], where: FilterExpression, now: int, zone: ZoneInfo) -> bool:
    """Tell whether a tree holds for the person of some events, which are all up to now."""
    match where.WhichOneof("expression"):
        case "filter":
            # A trait is the person's, so each of their events says the same.
            return matches(theirs[0], where.filter, zone)
        case "all_of":
            return all(_holds(theirs, child, now, zone) for child in where.all_of.expressions)
        case "any_of":
            return any(_holds(theirs, child, now, zone) for child in where.any_of.expressions)
        case "not":
            return not _holds(theirs, getattr(where, "not"), now, zone)
        case "did":
            return _did(theirs, where.did, now, zone)
        case _:
            raise AssertionError("an empty expression")


def _did(theirs: list[StoredEvent], behavior: Behavior, now: int, zone: ZoneInfo) -> bool:
    times = sorted(
        event.time
        for event in theirs
        if behavior.name in ("", event.name) and passes(event, behavior.filters, behavior.where, zone)
    )
    if behavior.first_time:
        times = times[:1]
    if behavior.HasField("within"):
        times = [time for time in times if time >= now - milliseconds(behavior.within)]
    return len(times) >= (behavior.at_least or 1)
