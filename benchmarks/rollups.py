"""What questions gain by what is gathered of events, beside the scan of their columns.

    python -m benchmarks.rollups [events] [--world folder]

Asks every question both ways, as `EVENTGLASS_ROLLUPS` tells a server to, in turns on a world of 20 million
events (world.py), and compares the answers before the clock starts.
"""

import time
from collections.abc import Iterable
from typing import cast

from benchmarks.shapes import Kind
from benchmarks.world import Contender, World, medians, world

_PERSONS = "sum(person), max(time)"
_SESSIONS = f"{_PERSONS}, sum(session)"
_USERS = {"aggregation": "AGGREGATION_UNIQUE_USERS"}
_START = "2026-05-04"

_ASKED = (
    Kind(name="users by day", asked=_USERS, columns=_PERSONS),
    Kind(name="users", asked={**_USERS, "visualization": "VISUALIZATION_KPI"}, columns=_PERSONS),
    Kind(
        name="users of 7 days",
        asked={**_USERS, "rollingWindow": "604800s"},
        columns=_PERSONS,
        since="2026-05-12",
    ),
    Kind(
        name="users of 30 days",
        asked={**_USERS, "rollingWindow": "2592000s"},
        columns=_PERSONS,
        since="2026-04-19",
    ),
    Kind(
        name="lifecycle by day",
        asked={"visualization": "VISUALIZATION_LIFECYCLE"},
        columns=_PERSONS,
        since=_START,
    ),
    Kind(name="stickiness", asked={"visualization": "VISUALIZATION_STICKINESS"}, columns=_PERSONS),
    Kind(
        name="retention by week",
        asked={
            "visualization": "VISUALIZATION_RETENTION",
            "granularity": "GRANULARITY_WEEK",
            "startingEvent": {},
        },
        columns=_PERSONS,
        days=(_START, "2026-07-27"),
    ),
    Kind(
        name="heatmap of users",
        asked={**_USERS, "visualization": "VISUALIZATION_HEATMAP"},
        columns=_PERSONS,
    ),
    Kind(name="events by day", asked={}, columns="max(time)"),
    Kind(name="sessions by day", asked={"aggregation": "AGGREGATION_SESSIONS"}, columns=_SESSIONS),
    Kind(name="bounce rate by day", asked={"aggregation": "AGGREGATION_BOUNCE_RATE"}, columns=_SESSIONS),
)


def main() -> None:
    """Print a table of medians and ratios."""
    with world() as made:
        _report(made)


def _report(made: World) -> None:
    contenders = {each.scan: made.text(each.scan) for each in _ASKED}
    for each in _ASKED:
        with_rollups, without = made.spec(each.spec), made.spec(each.spec, rollups=False)
        if _rows(with_rollups) != _rows(without):
            raise AssertionError(f"{each.name}: the answers differ")
        contenders |= {each.name: with_rollups, f"{each.name}, of events": without}
    found = medians(contenders, clock=time.process_time)
    print(f"{made.events:,} events, medians of processor time, milliseconds")
    print(f"{'':24}{'scan':>8}{'answer':>8}{'ratio':>8}{'of events':>12}{'ratio':>8}")
    for each in _ASKED:
        floor, ours, without_any = (
            found[name] * 1000 for name in (each.scan, each.name, f"{each.name}, of events")
        )
        print(
            f"{each.name:24}{floor:8.1f}{ours:8.1f}{ours / floor:8.2f}"
            f"{without_any:12.1f}{without_any / floor:8.2f}"
        )


def _rows(answer: Contender) -> list[str]:
    return sorted(map(str, cast("Iterable[object]", answer())))


if __name__ == "__main__":
    main()
