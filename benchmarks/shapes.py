"""The other kinds of insights against the scan of their columns.

    python -m benchmarks.shapes [events] [--world folder]

Runs the statements in turns on a world of 20 million events (world.py), and prints medians, and the
ratio of each kind to the scan of the columns that it reads, with the same conditions.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.world import PROJECT, World, medians, world

# Each reads columns and does next to nothing with them.
_PERSONS = "sum(person), max(time)"
_SESSIONS = f"{_PERSONS}, sum(session)"
_TIMES = "max(time)"
_NAMES = f"{_SESSIONS}, uniq(event)"
_PAGES = f"{_SESSIONS}, uniq(properties.page.:String)"
_AMOUNTS = "sum(properties.amount::Nullable(Float64))"

_MONTH = ("2026-05-18", "2026-06-17")
_QUARTER = ("2026-05-04", "2026-07-27")

_USERS = {"aggregation": "AGGREGATION_UNIQUE_USERS"}
_WEEKS = {"granularity": "GRANULARITY_WEEK"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A question, and what it reads.

    Args:
        name: what the table calls it.
        asked: the spec, without its range and its event.
        columns: what the scan reads.
        event: the name of the events; "" for any.
        days: the first day, and the one after the last.
        since: the first day that must be read, if that is another.
    """

    name: str
    asked: Mapping[str, Any]
    columns: str
    event: str = ""
    days: tuple[str, str] = _MONTH
    since: str = ""

    @property
    def spec(self) -> dict[str, Any]:
        """The whole spec, as callers send it."""
        start, end = (f"{day}T00:00:00Z" for day in self.days)
        events = {"events": [{"name": self.event}]} if self.event else {}
        return {**self.asked, **events, "timeRange": {"start": start, "end": end}}

    @property
    def scan(self) -> str:
        """Read the columns alone, under the same conditions."""
        start, end = self.since or self.days[0], self.days[1]
        named = f" AND event = '{self.event}'" if self.event else ""
        return (
            f"SELECT {self.columns} FROM events "
            f"WHERE project_id = '{PROJECT}' AND time >= '{start}' AND time < '{end}'{named}"
        )


def kinds() -> Iterator[Kind]:
    """List what is measured."""
    yield from _of_activity("page_view")
    yield from _of_activity("")
    yield from _of_sessions()


def _of_activity(event: str) -> Iterator[Kind]:
    shown = event or "any event"
    lifecycle = {"visualization": "VISUALIZATION_LIFECYCLE"}
    stickiness = {"visualization": "VISUALIZATION_STICKINESS"}
    heatmap = {"visualization": "VISUALIZATION_HEATMAP"}
    # All history is read, because only it knows who is new.
    yield Kind(
        name=f"lifecycle by day, {shown}", asked=lifecycle, columns=_PERSONS, event=event, since=_QUARTER[0]
    )
    yield Kind(
        name=f"lifecycle by week, {shown}",
        asked=lifecycle | _WEEKS,
        columns=_PERSONS,
        event=event,
        days=_QUARTER,
    )
    yield Kind(name=f"stickiness, {shown}", asked=stickiness, columns=_PERSONS, event=event)
    yield Kind(
        name=f"stickiness, 2 events a day, {shown}",
        asked=stickiness | {"stickiness": {"minEvents": 2}},
        columns=_PERSONS,
        event=event,
    )
    yield Kind(name=f"heatmap of events, {shown}", asked=heatmap, columns=_TIMES, event=event)
    yield Kind(name=f"heatmap of users, {shown}", asked=heatmap | _USERS, columns=_PERSONS, event=event)
    for days, since in ((7, "2026-05-12"), (30, "2026-04-19")):
        window = {"rollingWindow": f"{days * 86_400}s"}
        yield Kind(
            name=f"users of {days} days, {shown}",
            asked=_USERS | window,
            columns=_PERSONS,
            event=event,
            since=since,
        )


def _of_sessions() -> Iterator[Kind]:
    distribution = {"visualization": "VISUALIZATION_DISTRIBUTION"}
    paths = {"visualization": "VISUALIZATION_PATHS"}
    yield Kind(name="paths of sessions", asked=paths, columns=_NAMES)
    yield Kind(
        name="paths of users",
        asked=paths | {"paths": {"by": "PATHS_BY_USERS"}},
        columns=f"{_PERSONS}, uniq(event)",
    )
    yield Kind(
        name="distribution of an amount",
        asked=distribution | {"aggregationProperty": "amount"},
        columns=_AMOUNTS,
        event="purchase",
    )
    for of, columns in (("EVENTS_PER_USER", "sum(person)"), ("SESSION_LENGTH", _SESSIONS)):
        yield Kind(
            name=f"distribution of {of.lower().replace('_', ' ')}",
            asked=distribution | {"distribution": {"of": f"DISTRIBUTION_OF_{of}"}},
            columns=columns,
        )
    for each in ("SESSIONS", "AVERAGE_SESSION_DURATION", "BOUNCE_RATE", "EVENTS_PER_SESSION"):
        yield Kind(
            name=each.lower().replace("_", " "),
            asked={"aggregation": f"AGGREGATION_{each}"},
            columns=_SESSIONS,
        )
    for by, columns in (
        ("$event_name", _NAMES),
        ("page", _PAGES),
        ("$session.entry.$event_name", _NAMES),
        ("$session.entry.page", _PAGES),
    ):
        yield Kind(
            name=f"bounce rate by {by}",
            asked={"aggregation": "AGGREGATION_BOUNCE_RATE", "breakdown": {"property": by}},
            columns=columns,
        )


def main() -> None:
    """Print a table of medians and ratios."""
    with world() as made:
        _report(made, list(kinds()))


def _report(made: World, asked: list[Kind]) -> None:
    scans = {each.scan: made.text(each.scan) for each in asked}
    # Of all threads: on a machine that does other things, too, it says more than the time that passes.
    found = medians({**scans, **{each.name: made.spec(each.spec) for each in asked}}, clock=time.process_time)
    print(f"{made.events:,} events, medians of processor time, milliseconds")
    print(f"{'':40}{'scan':>8}{'answer':>8}{'ratio':>8}")
    for each in asked:
        floor, ours = found[each.scan] * 1000, found[each.name] * 1000
        print(f"{each.name:40}{floor:8.1f}{ours:8.1f}{ours / floor:8.2f}")


if __name__ == "__main__":
    main()
