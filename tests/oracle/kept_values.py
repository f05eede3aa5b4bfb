"""Which values of a breakdown a funnel or retention shows, and in which order (semantics 6.2 to 6.4)."""

from collections.abc import Mapping

from tests.oracle.breakdowns import Value, other_of
from tests.oracle.question import Question


def shown_values(question: Question, sizes: Mapping[Value, int]) -> list[Value]:
    """The largest values by size, then by value; "other" last, if anything is left for it."""
    breakdown = question.spec.breakdown
    ranked = sorted(sizes, key=lambda value: (-sizes[value], value))
    kept = ranked[: question.limit]
    if breakdown.buckets:
        kept.sort(key=lambda value: value[0])  # stable: in one range the rank decides
    if len(kept) == len(ranked) or breakdown.hide_other:
        return kept
    return [*kept, other_of(breakdown)]


def is_under(question: Question, value: Value, shown: Value, all_shown: list[Value]) -> bool:
    """Tell whether a value counts under a shown one; under other counts all that is not shown."""
    if shown == other_of(question.spec.breakdown):
        return value not in all_shown
    return value == shown
