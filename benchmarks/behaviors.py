"""Behavioural filters and audiences against the same questions without them.

    python -m benchmarks.behaviors [events] [--world folder]

Runs the statements in turns on a world of 20 million events (world.py), and prints medians, what each
condition adds, and the scan of the columns that it reads besides: one more pass over its own events.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.json_format import ParseDict

from benchmarks.world import PROJECT, World, medians, world
from insights.v1.filter_pb2 import FilterExpression

_MAY = {"start": "2026-05-18T00:00:00Z", "end": "2026-06-17T00:00:00Z"}
_USERS = {
    "events": [{"name": "page_view"}],
    "aggregation": "AGGREGATION_UNIQUE_USERS",
    "timeRange": _MAY,
}
_EVENTS = {"timeRange": _MAY}
_FUNNEL = {
    "events": [{"name": "page_view"}, {"name": "add_to_cart"}, {"name": "purchase"}],
    "visualization": "VISUALIZATION_FUNNEL",
    "timeRange": _MAY,
}
_30_DAYS = f"{30 * 86_400}s"
_BOUGHT = {"did": {"name": "purchase"}}
_BOUGHT_TWICE = {"did": {"name": "purchase", "atLeast": 2, "within": _30_DAYS}}
_ACTIVE = {"did": {"atLeast": 5, "within": _30_DAYS}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A condition on people.

    Args:
        name: what the table calls it.
        asked: the spec without it.
        where: the condition.
        event: whose events it reads; "" for any.
        since: the first day that it reads; "" for all history.
        in_audience: it is an audience's; else it stands in the spec.
    """

    name: str
    asked: Mapping[str, Any]
    where: Mapping[str, Any]
    event: str = "purchase"
    since: str = ""
    in_audience: bool = field(default=False)

    @property
    def scan(self) -> str:
        """Read what the condition reads besides."""
        named = f" AND event = '{self.event}'" if self.event else ""
        until = "" if self.in_audience else " AND time < '2026-06-17'"
        since = f" AND time >= '{self.since}'" if self.since else ""
        return (
            f"SELECT sum(person), max(time) FROM events WHERE project_id = '{PROJECT}'{named}{since}{until}"
        )


_CASES = [
    Case(name="users who had bought", asked=_USERS, where=_BOUGHT),
    Case(name="users who had not", asked=_USERS, where={"not": _BOUGHT}),
    Case(name="users who had bought twice in 30 days", asked=_USERS, where=_BOUGHT_TWICE, since="2026-04-18"),
    Case(
        name="events of who had done 5 things in 30 days",
        asked=_EVENTS,
        where=_ACTIVE,
        event="",
        since="2026-04-18",
    ),
    Case(name="funnel of who had bought", asked=_FUNNEL, where=_BOUGHT),
    Case(name="users in an audience who bought", asked=_USERS, where=_BOUGHT, in_audience=True),
    Case(name="funnel of an audience who bought", asked=_FUNNEL, where=_BOUGHT, in_audience=True),
]


def main() -> None:
    """Print a table of medians and differences."""
    with world() as made:
        _report(made)


def _report(made: World) -> None:
    contenders = {}
    for case in _CASES:
        tree = ParseDict(dict(case.where), FilterExpression()) if case.in_audience else None
        contenders[f"{case.name}: without"] = made.spec(case.asked)
        contenders[f"{case.name}: with"] = (
            made.spec(case.asked, audience=tree) if tree else made.spec({**case.asked, "where": case.where})
        )
        contenders[f"{case.name}: scan"] = made.text(case.scan)
    found = medians(contenders)
    print(f"{made.events:,} events, medians, milliseconds")
    print(f"{'':44}{'without':>8}{'with':>8}{'ratio':>8}{'adds':>8}{'scan':>8}")
    for case in _CASES:
        without, with_it, scan = (
            found[f"{case.name}: {each}"] * 1000 for each in ("without", "with", "scan")
        )
        ratio, adds = with_it / without, with_it - without
        print(f"{case.name:44}{without:8.1f}{with_it:8.1f}{ratio:8.2f}{adds:8.1f}{scan:8.1f}")


if __name__ == "__main__":
    main()
