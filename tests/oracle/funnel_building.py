"""Short builders for hand-made funnels and retentions. Times are seconds from noon of 1 January 2024, UTC."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from insights.v1.funnel_pb2 import FunnelResult, FunnelStep
from insights.v1.retention_pb2 import Cohort, RetentionResult
from tests.oracle.building import LONG_AFTER, ask, content, event
from tests.oracle.history import Json, StoredEvent

_NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
Steps = list[dict[str, object]]

HALF_A_DAY = 43_200  # from noon to the end of the usual range


def did(deeds: str, *, user: str = "anna", session: str = "", **properties: Json) -> list[StoredEvent]:
    """What one person did: "a 0, b 60" are event a at noon and b a minute later; all have the properties."""
    pairs = [deed.split() for deed in deeds.split(", ")]
    return [
        event(clock(float(seconds)), name=name, user=user, session=session, event_id="", **properties)
        for name, seconds in pairs
    ]


def clock(seconds: float) -> str:
    """A time so many seconds after noon."""
    return (_NOON + timedelta(seconds=seconds)).isoformat()


def funnel(
    steps: str | Steps,
    *people: list[StoredEvent],
    spec: Mapping[str, object] | None = None,
    now: str = LONG_AFTER,
) -> FunnelResult:
    """Ask for a funnel: "a b c" are three steps; the window is an hour."""
    events = [{"name": name} for name in steps.split()] if isinstance(steps, str) else steps
    whole = {
        "visualization": "VISUALIZATION_FUNNEL",
        "events": events,
        "conversionWindow": "3600s",
        **(spec or {}),
    }
    return ask(whole, *[deed for deeds in people for deed in deeds], now=now).funnel


def counts(result: FunnelResult) -> list[float]:
    """How many reached each step."""
    return _counts(result.steps)


def average_seconds(result: FunnelResult) -> list[float | None]:
    """The mean time to each step in seconds; None where there is none."""
    return [
        step.average_time.ToMilliseconds() / 1000 if step.HasField("average_time") else None
        for step in result.steps
    ]


def counts_by_value(result: FunnelResult) -> list[tuple[object, list[float]]]:
    """The first dimension of each value, and how many reached each step."""
    return [(content(it.dimensions[0]), _counts(it.steps)) for it in result.breakdowns]


def retention(
    spec: Mapping[str, object], *people: list[StoredEvent], now: str = LONG_AFTER
) -> RetentionResult:
    """Ask for a retention of event a by any event b, by default of the first week of 2024."""
    whole = {
        "visualization": "VISUALIZATION_RETENTION",
        "timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-01-08T00:00:00Z"},
        "startingEvent": {"name": "a"},
        "returnEvent": {"name": "b"},
        **spec,
    }
    return ask(whole, *[deed for deeds in people for deed in deeds], now=now).retention


def on_days(deeds: str, *, user: str = "anna", **properties: Json) -> list[StoredEvent]:
    """What one person did: "a 1, b 3.5" are event a on 1 January at noon and b on the 4th at midnight."""
    pairs = [deed.split() for deed in deeds.split(", ")]
    return [
        event(clock((float(day) - 1) * 86_400), name=name, user=user, session="", event_id="", **properties)
        for name, day in pairs
    ]


def cells(cohorts: Sequence[Cohort]) -> list[list[float]]:
    """The counts of each cohort, period 0 first."""
    return [[period.count for period in cohort.periods] for cohort in cohorts]


def partials(cohorts: Sequence[Cohort]) -> list[str]:
    """For each cohort one letter per cell: p for partial, c for complete."""
    return ["".join("p" if period.partial else "c" for period in cohort.periods) for cohort in cohorts]


def _counts(steps: Sequence[FunnelStep]) -> list[float]:
    return [step.count for step in steps]
