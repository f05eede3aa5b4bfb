"""The ranges that a comparison looks at (semantics 8)."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from insights.v1.time_pb2 import Comparison, TimeRange
from tests.oracle.buckets import Span
from tests.oracle.history import milliseconds
from tests.oracle.zones import first_instant, instant_of, is_local_midnight, local


def span_of(time_range: TimeRange) -> Span:
    """A range in milliseconds."""
    return Span(milliseconds(time_range.start), milliseconds(time_range.end))


def comparison_span(comparison: Comparison, main: Span, zone: ZoneInfo) -> Span:
    """The range that is compared with the main one."""
    match comparison.WhichOneof("range"):
        case "previous_period":
            return previous_period(main, zone)
        case "previous_year":
            return previous_year(main, zone)
        case _:
            return span_of(comparison.time_range)


def comparison_label(comparison: Comparison) -> str:
    """What the comparison is called, by default after its kind."""
    return comparison.label or comparison.WhichOneof("range") or ""


def previous_period(main: Span, zone: ZoneInfo) -> Span:
    """The months, the local days or the length before the start, whichever of them the range consists of."""
    if not (is_local_midnight(zone, main.start) and is_local_midnight(zone, main.end)):
        return Span(main.start - (main.end - main.start), main.start)
    first, after = local(zone, main.start).date(), local(zone, main.end).date()
    if first.day == 1 and after.day == 1:
        return Span(first_instant(zone, _months_before(first, _months_from(first, after))), main.start)
    days = sum(_exists(zone, first + timedelta(days=day)) for day in range((after - first).days))
    return Span(days_before(zone, main.start, days), main.start)


def previous_year(main: Span, zone: ZoneInfo) -> Span:
    """The same local clock a year before; 29 February is the 28th as a start and 1 March as an end."""
    return Span(
        _year_before(main.start, zone, leap_day=(2, 28)),
        _year_before(main.end, zone, leap_day=(3, 1)),
    )


def days_before(zone: ZoneInfo, instant: int, days: int) -> int:
    """The first instant of the date so many days before the date of an instant, of those that exist."""
    day = local(zone, instant).date()
    while days:
        day -= timedelta(days=1)
        days -= _exists(zone, day)
    return first_instant(zone, day)


def _exists(zone: ZoneInfo, day: date) -> bool:
    """Tell whether a zone's calendar has a date: Samoa's has no 30 December 2011."""
    return local(zone, first_instant(zone, day)).date() == day


def _year_before(edge: int, zone: ZoneInfo, leap_day: tuple[int, int]) -> int:
    shown = local(zone, edge)
    month, day = leap_day if (shown.month, shown.day) == (2, 29) else (shown.month, shown.day)
    if is_local_midnight(zone, edge):
        return first_instant(zone, date(shown.year - 1, month, day))
    return instant_of(zone, shown.replace(year=shown.year - 1, month=month, day=day))


def _months_from(first: date, after: date) -> int:
    return (after.year - first.year) * 12 + after.month - first.month


def _months_before(first: date, months: int) -> date:
    whole = first.year * 12 + first.month - 1 - months
    return date(whole // 12, whole % 12 + 1, 1)
