"""Reading grouped rows: the numbers of each series by kept value, range and bucket."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eventglass.engine.engine import Rows
from eventglass.insights import dimensions
from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.formula import Formula, evaluate
from eventglass.planning.selection import Selection, of_nothing
from eventglass.sql.aggregations import Measure
from insights.v1.breakdown_pb2 import DimensionValue

# A bucket of the whole range, where there are no buckets.
WHOLE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A kept value (or other) of a breakdown; the only one, of no dimension, without a breakdown."""

    place: int
    dimensions: tuple[DimensionValue, ...]


EVERYTHING = Value(place=1, dimensions=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Numbers by series, place of the value, range and bucket; and each series' values in order."""

    selection: Selection
    values: tuple[tuple[Value, ...], ...]
    numbers: dict[tuple[int, int, int, int], float | None]

    def number(self, series: int, value: Value, comparison: int, bucket: int) -> float | None:
        """Look a number up; of no events where there is none."""
        return self.numbers_of(series, value)(comparison, bucket)

    def numbers_of(self, series: int, value: Value) -> Callable[[int, int], float | None]:
        """Give what looks up the numbers of one value of a series, by range and bucket."""
        nothing = of_nothing(self.selection.series[series].aggregation)
        numbers, place = self.numbers, value.place
        return lambda comparison, bucket: numbers.get((series, place, comparison, bucket), nothing)

    def formula(self, formula: Formula, value: Value, comparison: int, bucket: int) -> float | None:
        """Compute a formula of the numbers of all series."""
        series = range(len(self.selection.series))
        return evaluate(formula, [self.number(each, value, comparison, bucket) for each in series])

    def summed(self, edges: Sequence[Sequence[int]]) -> "Groups":
        """Add up numbers that are changes from bucket to bucket.

        Args:
            edges: per range, where buckets begin and the last one ends.
        """
        sums: dict[tuple[int, int, int, int], float | None] = {}
        for series, place, comparison in {key[:3] for key in self.numbers}:
            total = 0.0
            for begin in edges[comparison][:-1]:
                total += self.numbers.get((series, place, comparison, begin)) or 0.0
                sums[series, place, comparison, begin] = total
        return replace(self, numbers=sums)


def read(
    rows: Rows,
    selection: Selection,
    measures: Sequence[Measure],
    *,
    breakdown: Breakdown | None,
    has_buckets: bool,
    shared: bool,
) -> Groups:
    """Read what sql/groups.py selects: series, comparison[, bucket][, place, dimensions …], results."""
    columns = iter(rows.columns)
    series, comparisons = next(columns), next(columns)
    buckets = next(columns) if has_buckets else [WHOLE] * len(series)
    places: Sequence[int] = [1] * len(series)
    kept: list[Sequence[dimensions.Typed]] = []
    if breakdown:
        places = next(columns)
        kept = [next(columns) for _ in breakdown.operands]
    results = dict(zip(measures, columns, strict=True))
    of_series = {position: results[measure] for measure in measures for position in measure.series}
    return Groups(
        selection=selection,
        values=_values(series, places, kept, breakdown, len(selection.series), shared=shared),
        numbers={
            (one, place, comparison, bucket): finite(of_series[one][row])
            for row, (one, place, comparison, bucket) in enumerate(
                zip(series, places, comparisons, buckets, strict=True)
            )
        },
    )


def finite(number: Any) -> float | None:
    """Read a number of the engine; what is not finite is absent, and -0 is 0."""
    return float(number) + 0.0 if number is not None and math.isfinite(number) else None


def _values(
    series: Sequence[int],
    places: Sequence[int],
    kept: Sequence[Sequence[dimensions.Typed]],
    breakdown: Breakdown | None,
    count: int,
    *,
    shared: bool,
) -> tuple[tuple[Value, ...], ...]:
    if breakdown is None:
        return ((EVERYTHING,),) * count
    found: list[dict[int, tuple[dimensions.Typed, ...]]] = [{} for _ in range(1 if shared else count)]
    for row, (one, place) in enumerate(zip(series, places, strict=True)):
        each = found[0 if shared else one]
        if place not in each:
            each[place] = tuple(column[row] for column in kept)
    in_order = tuple(ordered(each, breakdown) for each in found)
    return in_order * count if shared else in_order


def ordered(found: dict[int, tuple[dimensions.Typed, ...]], breakdown: Breakdown) -> tuple[Value, ...]:
    """Order the values of a breakdown by rank, other last; with buckets first by them.

    Args:
        found: typed values by place.
        breakdown: which of them are kept.
    """

    def order(place: int) -> tuple[object, ...]:
        is_other = place > (breakdown.limit or place)
        return (is_other, found[place][0] if breakdown.edges and not is_other else 0, place)

    return tuple(_value(place, found[place], breakdown) for place in sorted(found, key=order))


def _value(place: int, typed: tuple[dimensions.Typed, ...], breakdown: Breakdown) -> Value:
    if place > (breakdown.limit or place):
        return Value(place=place, dimensions=tuple(dimensions.other(len(typed))))
    first, *rest = typed
    return Value(
        place=place,
        dimensions=(dimensions.message(first, breakdown.edges), *map(dimensions.message, rest)),
    )
