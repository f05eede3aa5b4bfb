"""The other kinds of insights against the scan of their columns.

    python benchmarks/shapes.py [events] [--world folder]

Runs the statements in turns on a world of 20 million events (world.py), and prints medians, and the
ratio of each kind to the scan of the columns that it reads, with the same conditions.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from world import START, World, medians, world

_DAYS = {"start": START, "end": "2026-06-03T00:00:00Z"}
_WEEKS = {"start": START, "end": "2026-07-27T00:00:00Z"}
_IN_DAYS = "project_id = 'bench' AND time >= '2026-05-04' AND time < '2026-06-03'"
_IN_WEEKS = "project_id = 'bench' AND time >= '2026-05-04' AND time < '2026-07-27'"
_OF_PERSONS = "SELECT sum(person), max(time)"


class Kind(NamedTuple):
    """A question, and the scan of the columns that it reads."""

    name: str
    spec: Mapping[str, Any]
    scan: str


def kinds() -> Iterator[Kind]:
    """List what is measured."""
    for events, named in (([], ""), ([{"name": "page_view"}], " AND event = 'page_view'")):
        of = "page_view" if events else "any event"
        yield Kind(
            f"lifecycle of days, {of}",
            {"visualization": "VISUALIZATION_LIFECYCLE", "events": events, "timeRange": _DAYS},
            f"{_OF_PERSONS} FROM events WHERE {_IN_DAYS}{named}",
        )
        yield Kind(
            f"lifecycle of weeks, {of}",
            {
                "visualization": "VISUALIZATION_LIFECYCLE",
                "events": events,
                "timeRange": _WEEKS,
                "granularity": "GRANULARITY_WEEK",
            },
            f"{_OF_PERSONS} FROM events WHERE {_IN_WEEKS}{named}",
        )
        yield Kind(
            f"stickiness of days, {of}",
            {"visualization": "VISUALIZATION_STICKINESS", "events": events, "timeRange": _DAYS},
            f"{_OF_PERSONS} FROM events WHERE {_IN_DAYS}{named}",
        )
        yield Kind(
            f"stickiness of two events a day, {of}",
            {
                "visualization": "VISUALIZATION_STICKINESS",
                "events": events,
                "timeRange": _DAYS,
                "stickiness": {"minEvents": 2},
            },
            f"{_OF_PERSONS} FROM events WHERE {_IN_DAYS}{named}",
        )


def main() -> None:
    """Print a table of medians and ratios."""
    with world() as made:
        _report(made, list(kinds()))


def _report(made: World, asked: list[Kind]) -> None:
    contenders = {each.name: made.spec(each.spec) for each in asked}
    found = medians({**{each.scan: made.text(each.scan) for each in asked}, **contenders})
    print(f"{made.events:,} events, medians, milliseconds")
    print(f"{'':40}{'scan':>8}{'answer':>8}{'ratio':>8}")
    for name, _, scan in asked:
        floor, ours = found[scan] * 1000, found[name] * 1000
        print(f"{name:40}{floor:8.1f}{ours:8.1f}{ours / floor:8.2f}")


if __name__ == "__main__":
    main()
