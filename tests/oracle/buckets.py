"""Buckets: walk through all instants at which a local unit may begin, and keep those where one does."""

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from insights.v1.time_pb2 import Granularity
from tests.oracle.history import EPOCH
from tests.oracle.zones import DAY, HOUR, MILLISECOND, offset, pieces

_EPOCH_CLOCK = EPOCH.replace(tzinfo=None)

_CLOCK_UNITS = (Granularity.GRANULARITY_MINUTE, Granularity.GRANULARITY_HOUR)

# More than one unit, so that the walk begins before the bucket of the range's start and ends after
# the bucket of its end, whatever the clock does there.
_LONGER_THAN = {
    Granularity.GRANULARITY_MINUTE: 4 * HOUR,
    Granularity.GRANULARITY_HOUR: 4 * HOUR,
    Granularity.GRANULARITY_DAY: 4 * DAY,
    Granularity.GRANULARITY_WEEK: 11 * DAY,
    Granularity.GRANULARITY_MONTH: 35 * DAY,
    Granularity.GRANULARITY_QUARTER: 96 * DAY,
    Granularity.GRANULARITY_YEAR: 370 * DAY,
}


class Span(NamedTuple):
    """A stretch of time `[start, end)` in milliseconds."""

    start: int
    end: int

    def holds(self, instant: int) -> bool:
        """Tell whether an instant is in it."""
        return self.start <= instant < self.end


class _Candidate(NamedTuple):
    instant: int
    unit: datetime  # the local begin of the hour, day, … that the clock shows from this instant on
    set_back: bool


@lru_cache(maxsize=2000)
def buckets(zone: ZoneInfo, granularity: Granularity, week_start: str, span: Span) -> list[Span]:
    """Every bucket that the span touches, whole, in order."""
    margin = _LONGER_THAN[granularity]
    candidates = _candidates(zone, granularity, week_start, Span(span.start - margin, span.end + margin))
    edges = list(_clock_edges(candidates) if granularity in _CLOCK_UNITS else _calendar_edges(candidates))
    whole = [Span(begin, end) for begin, end in itertools.pairwise(edges)]
    return [bucket for bucket in whole if bucket.start < span.end and bucket.end > span.start]


def _clock_edges(candidates: Iterator[_Candidate]) -> Iterator[int]:
    """An hour or minute begins where the clock shows a new one, and where it is set back."""
    previous = next(candidates)
    for candidate in candidates:
        if candidate.unit != previous.unit or candidate.set_back:
            yield candidate.instant
        previous = candidate


def _calendar_edges(candidates: Iterator[_Candidate]) -> Iterator[int]:
    """A day (week, …) begins at the first instant with its date: going back to an older date is no begin."""
    newest = next(candidates).unit
    for candidate in candidates:
        if candidate.unit > newest:
            yield candidate.instant
            newest = candidate.unit


def _candidates(
    zone: ZoneInfo, granularity: Granularity, week_start: str, span: Span
) -> Iterator[_Candidate]:
    """All local begins of units, and all changes of the clock."""
    ahead_before = offset(zone, span.start)
    for begin, end, ahead in pieces(zone, *span):
        unit = _unit(granularity, week_start, _plain_clock(begin + ahead))
        yield _Candidate(begin, unit, ahead < ahead_before)
        while True:
            unit = _next(granularity, unit)
            instant = _plain_count(unit) - ahead
            if instant >= end:
                break
            yield _Candidate(instant, unit, set_back=False)
        ahead_before = ahead


def _unit(granularity: Granularity, week_start: str, shown: datetime) -> datetime:
    """The begin of the minute, hour, day, … that a local time is in."""
    minute = shown.replace(second=0, microsecond=0)
    day = minute.replace(hour=0, minute=0)
    days_into_week = day.weekday() if week_start == "monday" else day.isoweekday() % 7
    return {
        Granularity.GRANULARITY_MINUTE: minute,
        Granularity.GRANULARITY_HOUR: minute.replace(minute=0),
        Granularity.GRANULARITY_DAY: day,
        Granularity.GRANULARITY_WEEK: day - timedelta(days=days_into_week),
        Granularity.GRANULARITY_MONTH: day.replace(day=1),
        Granularity.GRANULARITY_QUARTER: day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1),
        Granularity.GRANULARITY_YEAR: day.replace(day=1, month=1),
    }[granularity]


def _next(granularity: Granularity, unit: datetime) -> datetime:
    """The local begin of the unit after this one."""
    fixed = {
        Granularity.GRANULARITY_MINUTE: timedelta(minutes=1),
        Granularity.GRANULARITY_HOUR: timedelta(hours=1),
        Granularity.GRANULARITY_DAY: timedelta(days=1),
        Granularity.GRANULARITY_WEEK: timedelta(days=7),
    }
    if granularity in fixed:
        return unit + fixed[granularity]
    months = {
        Granularity.GRANULARITY_MONTH: 1,
        Granularity.GRANULARITY_QUARTER: 3,
        Granularity.GRANULARITY_YEAR: 12,
    }
    whole = unit.year * 12 + unit.month - 1 + months[granularity]
    return unit.replace(year=whole // 12, month=whole % 12 + 1)


def _plain_clock(count: int) -> datetime:
    return _EPOCH_CLOCK + count * MILLISECOND


def _plain_count(clock: datetime) -> int:
    return (clock - _EPOCH_CLOCK) // MILLISECOND
