"""Funnels and retention against the scan of their columns, and against the counts-only form.

    python -m benchmarks.steps [events] [--world folder]

Runs the statements in turns on a world of 20 million events (world.py), and prints medians and ratios of
processor time, which other programs disturb less.
"""

import time
from typing import Any

from benchmarks.world import START, Contender, World, medians, world

_RANGE = "project_id = 'bench' AND time >= '2026-05-04' AND time < '2026-06-11'"
# Medians of 7 differed by up to a fifth from run to run.
_ROUNDS = 21
_STEPS = ["page_view", "product_view", "add_to_cart", "purchase", "purchase5"]


def funnel(names: list[str]) -> dict[str, Any]:
    """A funnel of 31 days with a window of 7, as callers send it."""
    return {
        "events": [{"name": name} for name in names],
        "timeRange": {"start": START, "end": "2026-06-04T00:00:00Z"},
        "visualization": "VISUALIZATION_FUNNEL",
    }


RETENTION = {
    "visualization": "VISUALIZATION_RETENTION",
    "startingEvent": {"name": "page_view"},
    "returnEvent": {"name": "purchase"},
    "timeRange": {"start": START, "end": "2026-07-27T00:00:00Z"},
    "granularity": "GRANULARITY_WEEK",
}


def counts_only(names: list[str]) -> str:
    """The engine's own function: the deepest level of each person, and nothing else."""
    begins, *later = (f"event = '{name}'" for name in names)
    # As in `funnel`, an attempt begins within the 31 days, and its other steps may come later.
    conditions = ", ".join([f"{begins} AND time < '2026-06-04'", *later])
    return f"""
    SELECT level, count() FROM (
        SELECT person, windowFunnel(604800000)(toUInt64(toUnixTimestamp64Milli(time)), {conditions}) AS level
        FROM events WHERE {_RANGE} AND event IN ({", ".join(f"'{name}'" for name in names)}) GROUP BY person)
    GROUP BY level"""


def scan(names: list[str], condition: str) -> str:
    """Read the columns alone."""
    return f"""
    SELECT sum(person), max(time), uniq(event)
    FROM events WHERE {condition} AND event IN ({", ".join(f"'{name}'" for name in names)})"""


def main() -> None:
    """Print a table of medians and ratios."""
    with world() as made:
        _report(made.events, medians(_contenders(made), rounds=_ROUNDS, clock=time.process_time))


def _contenders(made: World) -> dict[str, Contender]:
    weeks = "project_id = 'bench' AND time >= '2026-05-04' AND time < '2026-07-27'"
    repeated = ["add_to_cart", "add_to_cart", "purchase"]
    return {
        "scan 3": made.text(scan(_STEPS[:3], _RANGE)),
        "windowFunnel 3": made.text(counts_only(_STEPS[:3])),
        "funnel 3": made.spec(funnel(_STEPS[:3])),
        "scan 5": made.text(scan(_STEPS, _RANGE)),
        "windowFunnel 5": made.text(counts_only(_STEPS)),
        "funnel 5": made.spec(funnel(_STEPS)),
        "scan repeated": made.text(scan(repeated[1:], _RANGE)),
        "windowFunnel repeated": made.text(counts_only(repeated)),
        "funnel repeated": made.spec(funnel(repeated)),
        "scan retention": made.text(scan(["page_view", "purchase"], weeks)),
        "retention": made.spec(RETENTION),
    }


def _report(events: int, found: dict[str, float]) -> None:
    print(f"{events:,} events, medians of processor time, milliseconds")
    for name, seconds in found.items():
        print(f"{name:24}{seconds * 1000:8.1f}")
    for kind in ("3", "5", "repeated"):
        ours, counts, floor = (found[f"{each} {kind}"] for each in ("funnel", "windowFunnel", "scan"))
        print(f"funnel {kind}: {ours / floor:.2f} x scan, {ours / counts:.2f} x counts only")
    print(f"retention: {found['retention'] / found['scan retention']:.2f} x scan")


if __name__ == "__main__":
    main()
