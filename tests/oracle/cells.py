"""The cells of a retention: who has returned when, and which cells are complete (semantics 12.2 to 12.6)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from insights.v1.retention_pb2 import RetentionReturning
from insights.v1.time_pb2 import Granularity
from tests.oracle.buckets import Span
from tests.oracle.cohorts import Member
from tests.oracle.question import Question
from tests.oracle.zones import DAY, HOUR

_LENGTHS = {
    Granularity.GRANULARITY_HOUR: HOUR,
    Granularity.GRANULARITY_DAY: DAY,
    Granularity.GRANULARITY_WEEK: 7 * DAY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """What is needed to fill in a cell."""

    question: Question
    periods: Sequence[Span]  # the buckets of the range
    returns: Mapping[str, Sequence[int]]  # the times of each person's return events, all of them

    def of_cohort(self, cohort: int) -> range:
        """The periods that a cohort has a cell for."""
        in_range = len(self.periods) - cohort
        return range(min(in_range, self.question.spec.retention.periods or in_range))

    def has_returned(self, member: Member, period: int) -> bool:
        """Tell whether a member counts in a period; in period 0 all do."""
        if period == 0:
            return True
        begin, end = self._period_of(member, period)
        if self.question.spec.retention.returning == RetentionReturning.RETENTION_RETURNING_ON_OR_AFTER:
            end = math.inf
        end = min(end, self.question.ranges[0].span.end)
        return any(begin <= time < end for time in self.returns.get(member.person, ()))

    def is_partial(self, cohort: int, period: int) -> bool:
        """Tell whether a cell may still change or is cut."""
        span, now = self.question.ranges[0].span, self.question.now
        if self.question.spec.retention.rolling:
            last_start = min(self.periods[cohort].end, span.end)
            return last_start + (period + 1) * _LENGTHS[self.question.granularity] > min(span.end, now)
        begin, end = self.periods[cohort + period]
        return begin < span.start or end > span.end or end > now

    def _period_of(self, member: Member, period: int) -> tuple[int, float]:
        """Where a member's period begins and ends."""
        if self.question.spec.retention.rolling:
            length = _LENGTHS[self.question.granularity]
            return member.start + period * length, member.start + (period + 1) * length
        return self.periods[member.cohort + period]
