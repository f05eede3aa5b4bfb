"""What a set of events must answer, in plain Python: the oracle is not made for a million of them.

Days are UTC's. Of an event's parts only those of `Fact` are looked at.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

DAY = 86_400_000
_WINDOW = 7 * DAY

VIEW, CART, BUY = "view", "cart", "buy"

Answer = dict[str, object]


class Fact(NamedTuple):
    """One event."""

    event_id: str
    name: str
    time_ms: int
    user: str
    session: str
    country: str
    amount: int


def questions(start: str, end: str) -> dict[str, dict[str, Any]]:
    """Give specs by name, for the range of whole days of all events."""
    range_ = {"timeRange": {"start": start, "end": end}}
    each = [{"name": name} for name in (VIEW, CART, BUY)]

    def of(kind: str, **more: object) -> dict[str, Any]:
        return {**range_, "visualization": f"VISUALIZATION_{kind}", **more}

    return {
        "events a day": of("LINE", events=each),
        "users a day": of("LINE", aggregation="AGGREGATION_UNIQUE_USERS"),
        "events": of("KPI"),
        "sessions": of("KPI", aggregation="AGGREGATION_UNIQUE_SESSIONS"),
        "amount": of("KPI", aggregation="AGGREGATION_SUM", aggregationProperty="amount"),
        "countries": of("TABLE", breakdown={"property": "$geo.country"}, pageSize=1_000),
        "funnel": of("FUNNEL", events=each, conversionWindow="604800s"),
        "retention": of("RETENTION", startingEvent={"name": VIEW}, returnEvent={"name": BUY}),
        "lifecycle": of("LIFECYCLE"),
        "stickiness": of("STICKINESS"),
        "heatmap": of("HEATMAP"),
    }


def shown(response: Mapping[str, Any]) -> object:
    """Reduce a JSON answer to the numbers that `answers` has."""
    for part, read in _READERS.items():
        if response.get(part):
            return read(response[part])
    raise AssertionError(f"no answer in {response}")


_READERS: dict[str, Any] = {
    "series": lambda points: [point["value"] for point in points],
    "kpis": lambda kpis: [kpi["value"] for kpi in kpis],
    "rows": lambda rows: {row["dimensions"][0]["text"]: row["value"] for row in rows},
    "funnel": lambda funnel: [step["count"] for step in funnel["steps"]],
    "retention": lambda it: [[cell["count"] for cell in cohort["periods"]] for cohort in it["cohorts"]],
    "lifecycle": lambda it: [
        (each["newUsers"], each["returning"], each["resurrecting"], each["dormant"]) for each in it["buckets"]
    ],
    "stickiness": lambda it: [point["count"] for point in it["series"][0]["points"]],
    "heatmap": lambda it: {
        (cell["weekday"], cell["hour"]): cell["value"] for cell in it["cells"] if cell["value"]
    },
}


def answers(facts: Iterable[Fact], start_ms: int, days: int) -> Answer:
    """Answer the questions about events, none of them before the start or after the last day."""
    events = list(facts)
    day_of = {fact.event_id: (fact.time_ms - start_ms) // DAY for fact in events}
    counts = Counter((fact.name, day_of[fact.event_id]) for fact in events)
    active: dict[str, set[int]] = defaultdict(set)
    for fact in events:
        active[fact.user].add(day_of[fact.event_id])
    per_day = Counter(day for days_of_user in active.values() for day in days_of_user)
    return {
        "events a day": [counts[name, day] for name in (VIEW, CART, BUY) for day in range(days)],
        "users a day": [per_day[day] for day in range(days)],
        "events": [len(events)],
        "sessions": [len({fact.session for fact in events})],
        "amount": [sum(fact.amount for fact in events)],
        "countries": dict(Counter(fact.country for fact in events)),
        "funnel": _funnel(events),
        "retention": _retention(events, day_of, days),
        "lifecycle": list(_lifecycle(active, days)),
        "stickiness": [Counter(map(len, active.values()))[number] for number in range(1, days + 1)],
        "heatmap": dict(Counter((_weekday(fact.time_ms), fact.time_ms // 3_600_000 % 24) for fact in events)),
    }


def _weekday(time_ms: int) -> int:
    return (time_ms // DAY + 3) % 7 + 1  # 1 January 1970 was a Thursday


def _funnel(events: list[Fact]) -> list[int]:
    """Count who viewed, then put into the cart, then bought, within the window of the first."""
    times: dict[str, dict[str, list[int]]] = defaultdict(lambda: {VIEW: [], CART: [], BUY: []})
    for fact in sorted(events, key=lambda fact: fact.time_ms):
        times[fact.user][fact.name].append(fact.time_ms)
    depths = Counter(_depth(of_user) for of_user in times.values())
    return [depths[1] + depths[2] + depths[3], depths[2] + depths[3], depths[3]]


def _depth(times: Mapping[str, list[int]]) -> int:
    deepest = 0
    for viewed in times[VIEW]:
        carted = _next(times[CART], viewed)
        bought = None if carted is None else _next(times[BUY], carted)
        reached = [at for at in (carted, bought) if at is not None and at - viewed <= _WINDOW]
        deepest = max(deepest, 1 + len(reached))
    return deepest


def _next(times: list[int], at: int) -> int | None:
    """Find the first time that is not before another; events of one millisecond count as in order."""
    place = bisect_left(times, at)
    return times[place] if place < len(times) else None


def _retention(events: list[Fact], day_of: Mapping[str, int], days: int) -> list[list[int]]:
    first: dict[str, int] = {}
    bought: dict[str, set[int]] = defaultdict(set)
    for fact in events:
        day = day_of[fact.event_id]
        if fact.name == VIEW:
            first[fact.user] = min(day, first.get(fact.user, day))
        elif fact.name == BUY:
            bought[fact.user].add(day)
    cells: Counter[tuple[int, int]] = Counter()
    for user, cohort in first.items():
        cells[cohort, 0] += 1
        cells.update((cohort, day - cohort) for day in bought[user] if day > cohort)
    return [[cells[cohort, period] for period in range(days - cohort)] for cohort in range(days)]


def _lifecycle(active: Mapping[str, set[int]], days: int) -> Iterator[tuple[int, int, int, int]]:
    new, returning, seen = Counter(map(min, active.values())), Counter[int](), Counter[int]()
    for of_user in active.values():
        seen.update(of_user)
        returning.update(day for day in of_user if day - 1 in of_user)
    for day in range(days):
        back = seen[day] - new[day] - returning[day]
        yield new[day], returning[day], back, seen[day - 1] - returning[day]
