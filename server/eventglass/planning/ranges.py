"""Ranges of time: the main one and those it is compared with (semantics 1.1, 8)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from eventglass.planning import zone as clock
from eventglass.planning.buckets import months_later
from insights.v1.time_pb2 import Comparison

MAIN = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A labelled `[start, end)` in milliseconds."""

    label: str
    start: int
    end: int


def default_label(comparison: Comparison) -> str:
    """Name a comparison as the caller did, else by its kind."""
    return comparison.label or comparison.WhichOneof("range") or ""


def compared(comparison: Comparison, main: Range, zone: ZoneInfo) -> Range:
    """Resolve a comparison against the main range."""
    label = default_label(comparison)
    match comparison.WhichOneof("range"):
        case "previous_period":
            return Range(label=label, start=_previous_start(main, zone), end=main.start)
        case "previous_year":
            return Range(
                label=label,
                start=_year_before(main.start, zone, leap_day=timedelta(days=-1)),
                end=_year_before(main.end, zone, leap_day=timedelta(days=1)),
            )
        case _:
            given = comparison.time_range
            return Range(label=label, start=given.start.ToMilliseconds(), end=given.end.ToMilliseconds())


def _previous_start(main: Range, zone: ZoneInfo) -> int:
    if not (clock.is_local_midnight(main.start, zone) and clock.is_local_midnight(main.end, zone)):
        return main.start - (main.end - main.start)
    first, after = clock.local(main.start, zone).date(), clock.local(main.end, zone).date()
    if first.day == after.day == 1:
        months = (after.year - first.year) * 12 + after.month - first.month
        return clock.first_instant(months_later(first, -months), zone)
    return clock.days_before(main.start, clock.days_between(main.start, main.end, zone), zone)


def _year_before(at: int, zone: ZoneInfo, *, leap_day: timedelta) -> int:
    """Move an edge back by a year; from 29 February by a day more in the edge's direction."""
    here = clock.local(at, zone)
    day = _date_a_year_before(here.date(), leap_day)
    if clock.is_local_midnight(at, zone):
        return clock.first_instant(day, zone)
    moved = datetime.combine(day, here.time(), tzinfo=None).replace(fold=here.fold)
    return clock.from_local(moved, zone)


def _date_a_year_before(day: date, leap_day: timedelta) -> date:
    if (day.month, day.day) == (2, 29):
        # 28 February as a start, 1 March as an end.
        return date(day.year - 1, 2, 28) + max(leap_day, timedelta())
    return day.replace(year=day.year - 1)
