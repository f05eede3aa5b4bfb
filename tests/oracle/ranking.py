"""Which values of a breakdown an answer shows, and in which order (semantics 6.2 to 6.6, 6.8)."""

from collections.abc import Iterable, Sequence

from insights.v1.query_spec_pb2 import Visualization
from tests.oracle.aggregations import Number
from tests.oracle.breakdowns import Value, other_of
from tests.oracle.counting import Observation, Series, number
from tests.oracle.question import Question
from tests.oracle.windows import windows


def shown_values(question: Question, all_series: Sequence[Series]) -> list[list[Value]]:
    """The values of each series in order, "other" last; the one value () without a breakdown."""
    if not question.has_breakdown:
        return [[()] for _ in all_series]
    spec = question.spec
    if spec.formula or spec.visualization == Visualization.VISUALIZATION_TABLE:
        return [_shown(question, all_series)] * len(all_series)
    return [_shown(question, [series]) for series in all_series]


def part(question: Question, series: Series, value: Value, shown: Sequence[Value]) -> list[Observation]:
    """What a series counts under a shown value; under other, all that has none of the shown values."""
    if question.has_breakdown and value == other_of(question.spec.breakdown):
        return [observation for observation in series.observations if observation.value not in shown]
    return [observation for observation in series.observations if observation.value == value]


def descending(total: Number) -> tuple[bool, float]:
    """A sort key: the largest number first, none last."""
    return (True, 0.0) if total is None else (False, -total)


def _shown(question: Question, sharing: Sequence[Series]) -> list[Value]:
    """The values of series that share one set of values."""
    kept = _kept(question, sharing)
    if question.spec.breakdown.buckets:
        kept.sort(key=lambda value: value[0])  # stable: in one range the rank decides
    seen = _seen(question, sharing)
    if seen <= set(kept) or question.spec.breakdown.hide_other:
        return kept
    return [*kept, other_of(question.spec.breakdown)]


def _kept(question: Question, sharing: Sequence[Series]) -> list[Value]:
    """The values of the main range with the largest totals; free places go to values seen elsewhere."""
    main = question.ranges[0].span
    in_main = {
        series_at: [observation for observation in series.observations if main.holds(observation.time)]
        for series_at, series in enumerate(sharing)
    }
    values = {observation.value for observations in in_main.values() for observation in observations}
    totals = {
        value: [
            number(series, [observation for observation in in_main[at] if observation.value == value])
            for at, series in enumerate(sharing)
        ]
        for value in values
    }
    ranked = sorted(values, key=lambda value: ([descending(total) for total in totals[value]], value))
    elsewhere = sorted(_seen(question, sharing) - values)
    return _limited(question, [*ranked, *elsewhere])


def _limited(question: Question, values: list[Value]) -> list[Value]:
    """A table keeps all values unless it has a limit of its own."""
    spec = question.spec
    if spec.visualization == Visualization.VISUALIZATION_TABLE and not spec.breakdown.limit:
        return values
    return values[: question.limit]


def _seen(question: Question, sharing: Iterable[Series]) -> set[Value]:
    """The values of everything that is in any range (or in any rolling window)."""
    spans = [span for it in question.ranges for span in (it.span, *windows(question, it))]
    return {
        observation.value
        for series in sharing
        for observation in series.observations
        if any(span.holds(observation.time) for span in spans)
    }
