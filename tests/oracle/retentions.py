"""RETENTION: who came back when (semantics 12)."""

from collections import Counter
from collections.abc import Iterable, Sequence

from insights.v1.retention_pb2 import (
    AverageRate,
    Cohort,
    RetentionBreakdown,
    RetentionPeriod,
    RetentionResult,
)
from tests.oracle.aggregations import quotient
from tests.oracle.breakdowns import dimension_values
from tests.oracle.cells import Cells
from tests.oracle.cohorts import Member, members
from tests.oracle.history import StoredEvent
from tests.oracle.kept_values import is_under, shown_values
from tests.oracle.question import Question
from tests.oracle.selection import selected
from tests.oracle.series import timestamp
from tests.oracle.windows import buckets_of


def retention(question: Question, events: Sequence[StoredEvent]) -> RetentionResult:
    """Answer a retention."""
    spec = question.spec
    history = [event for event in events if event.time <= question.now]
    starting = selected(question, spec.starting_event, history)
    return_event = spec.return_event if spec.HasField("return_event") else spec.starting_event
    cells = Cells(
        question=question,
        periods=buckets_of(question, question.ranges[0]),
        returns=_times(selected(question, return_event, history)),
    )
    everyone = members(question, cells.periods, starting)
    cohorts = _cohorts(cells, everyone)
    return RetentionResult(
        cohorts=cohorts,
        average_rates=_average_rates(cohorts),
        breakdowns=_breakdowns(cells, everyone) if question.has_breakdown else [],
    )


def _times(events: Iterable[StoredEvent]) -> dict[str, list[int]]:
    times: dict[str, list[int]] = {}
    for event in events:
        times.setdefault(event.person, []).append(event.time)
    return times


def _cohorts(cells: Cells, everyone: Sequence[Member]) -> list[Cohort]:
    """One per period of the range, also empty ones."""
    return [
        _cohort(cells, cohort, [member for member in everyone if member.cohort == cohort])
        for cohort in range(len(cells.periods))
    ]


def _cohort(cells: Cells, cohort: int, its_members: Sequence[Member]) -> Cohort:
    row = Cohort(cohort_date=timestamp(cells.periods[cohort].start), size=len(its_members))
    for period in cells.of_cohort(cohort):
        count = sum(cells.has_returned(member, period) for member in its_members)
        row.periods.append(
            RetentionPeriod(
                period=period,
                count=count,
                rate=quotient(count, len(its_members)),
                partial=cells.is_partial(cohort, period),
            )
        )
    return row


def _average_rates(cohorts: Sequence[Cohort]) -> list[AverageRate]:
    """The rates of all cohorts together, over complete cells (7.4)."""
    return [
        _average_rate(cohorts, period) for period in range(max(len(cohort.periods) for cohort in cohorts))
    ]


def _average_rate(cohorts: Sequence[Cohort], period: int) -> AverageRate:
    complete = [
        cohort for cohort in cohorts if period < len(cohort.periods) and not cohort.periods[period].partial
    ]
    size = sum(cohort.size for cohort in complete)
    count = sum(cohort.periods[period].count for cohort in complete)
    return AverageRate(period=period, rate=quotient(count, size), size=size)


def _breakdowns(cells: Cells, everyone: Sequence[Member]) -> list[RetentionBreakdown]:
    question = cells.question
    all_shown = shown_values(question, Counter(member.value for member in everyone))
    rows = []
    for shown in all_shown:
        part = [member for member in everyone if is_under(question, member.value, shown, all_shown)]
        cohorts = _cohorts(cells, part)
        rows.append(
            RetentionBreakdown(
                dimensions=dimension_values(shown, question.spec.breakdown),
                cohorts=cohorts,
                average_rates=_average_rates(cohorts),
            )
        )
    return rows
