"""Names the options of selectors and conditions, which all small worlds' specs have in common."""

from collections.abc import Iterable, Iterator

from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.query_spec_pb2 import QuerySpec
from tests.oracle import pools


def of_selectors(spec: QuerySpec, selectors: Iterable[EventSelector]) -> Iterator[str]:
    """The options that a spec's selectors and conditions use, such as "own where"."""
    yield f"zone {spec.timezone}" if spec.timezone else "the project's zone"
    yield from used({"filters": bool(spec.filters), "where": spec.HasField("where")})
    for selector in selectors:
        yield from used(
            {
                "own filters": bool(selector.filters),
                "own where": selector.HasField("where"),
                "label": bool(selector.label),
                "any event": not selector.name,
                "first_time": selector.first_time,
            }
        )


def every_of_selectors(*, first_time: bool) -> Iterator[str]:
    """The options that the strategies of selector_specs.py can reach, without labels."""
    yield from ("the project's zone", *(f"zone {zone}" for zone in pools.ZONES))
    yield from ("filters", "where", "own filters", "own where", "any event")
    yield from ["first_time"] if first_time else []


def used(options: dict[str, bool]) -> Iterator[str]:
    """The names of those that are used."""
    return (option for option, is_used in options.items() if is_used)
