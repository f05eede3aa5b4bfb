"""TABLE: one row per value of the breakdown (semantics 9)."""

from collections.abc import Sequence
from typing import NamedTuple

from insights.v1.table_pb2 import Row, RowValue
from tests.oracle.aggregations import Number
from tests.oracle.breakdowns import Value, dimension_values, other_of
from tests.oracle.counting import Series
from tests.oracle.question import Question
from tests.oracle.ranking import descending
from tests.oracle.series import lines


class _Entry(NamedTuple):
    value: Value
    numbers: list[Number]  # one per series, then the formula's

    def sorts_by(self, *, formula: bool) -> Number:
        return self.numbers[-1 if formula else 0]


def rows(question: Question, all_series: Sequence[Series]) -> list[Row]:
    """All rows of all pages: by number descending, none last, ties by value; other at the very end."""
    numbers: dict[Value, list[Number]] = {}
    for line in lines(question, all_series):
        numbers.setdefault(line.value, []).extend(line.numbers)
    entries = [_Entry(value, of_value) for value, of_value in numbers.items()]
    return [_row(question, entry) for entry in sorted(entries, key=lambda entry: _order(question, entry))]


def _order(question: Question, entry: _Entry) -> tuple[object, ...]:
    breakdown = question.spec.breakdown
    is_other = question.has_breakdown and entry.value == other_of(breakdown)
    in_edge_order = entry.value[:1] if breakdown.buckets else ()
    number = entry.sorts_by(formula=bool(question.spec.formula))
    return (is_other, in_edge_order, descending(number), entry.value)


def _row(question: Question, entry: _Entry) -> Row:
    return Row(
        dimensions=dimension_values(entry.value, question.spec.breakdown),
        value=entry.sorts_by(formula=bool(question.spec.formula)),
        values=[RowValue(value=number) for number in entry.numbers],
    )
