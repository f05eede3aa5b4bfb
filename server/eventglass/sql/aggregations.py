"""Aggregations as SQL: a table of calls, each usable directly, as a state, and merged (semantics 4).

Every call skips NULL, so that an input that does not concern a series is NULL for it.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from eventglass.planning.properties import Operand
from eventglass.planning.selection import Series
from eventglass.sql.fragment import Fragment, joined, sql
from insights.v1.aggregation_pb2 import Aggregation


class Input(enum.Enum):
    """What a call reads of a matched row; the value is its column's name."""

    ROW = "one"
    PERSON = "person"
    SESSION = "session"
    NUMBER = "number"
    KIND = "kind"
    KEY = "key"
    # In milliseconds, an integer.
    DURATION = "duration"
    BOUNCED = "bounced"
    PASSING = "passing"
    # Of a row that may stand for several events: how many, how many of them have a number, and their sum.
    WEIGHT = "weight"
    NUMBERS = "numbers"
    SUM = "sum"


# Inputs that are read from the measure's own property.
OF_PROPERTY = frozenset({Input.NUMBER, Input.KIND, Input.KEY, Input.NUMBERS, Input.SUM})


@dataclass(frozen=True, slots=True)
class Call:
    """One aggregate function over inputs."""

    function: str
    inputs: tuple[Input, ...]
    parameters: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Calls, and the number that is made of them: {0} is the first call's, {1} the second's."""

    calls: tuple[Call, ...]
    result: str = "{0}"


def _percentile(level: float) -> Recipe:
    # Inclusive: linear between closest ranks, by their difference.
    return Recipe((Call("quantileExactInclusive", (Input.NUMBER,), f"({level})"),), _finite("{0}"))


def _quotient(dividend: Call, divisor: Call) -> Recipe:
    return Recipe((dividend, divisor), "{0} / nullIf({1}, 0)")


def _sum(numbers: Input) -> Recipe:
    # Of no rows a sum of what may be NULL is NULL, not 0.
    return Recipe((Call("sumKahan", (numbers,)),), steady("ifNull({0}, 0)"))


def _average(numbers: Input, counted: Call) -> Recipe:
    return Recipe((Call("sumKahan", (numbers,)), counted), steady("{0} / nullIf({1}, 0)"))


def _finite(number: str) -> str:
    # A sum or difference beyond a double is absent, not infinite; so is what is made of it.
    return f"ifNotFinite({number}, NULL)"


def steady(number: str) -> str:
    """Round a sum or average of doubles to the digits that are the same in every order of them."""
    # Sums of doubles are compensated: their order, which differs from run to run, shows in a last digit at
    # most. Without it equal sums are equal, and rank so; decimals have no more digits, and whole numbers that
    # have are left as they are.
    rounded = f"toFloat64(printf('%.15g', {number}))"
    return f"if(abs({number}) < 1e15, {rounded}, {_finite(number)})"


RECIPES: dict[Aggregation, Recipe] = {
    Aggregation.AGGREGATION_COUNT: Recipe((Call("count", (Input.ROW,)),)),
    Aggregation.AGGREGATION_UNIQUE_USERS: Recipe((Call("uniqExact", (Input.PERSON,)),)),
    Aggregation.AGGREGATION_UNIQUE_SESSIONS: Recipe((Call("uniqExact", (Input.SESSION,)),)),
    Aggregation.AGGREGATION_COUNT_PER_USER: _quotient(
        Call("count", (Input.PERSON,)), Call("uniqExact", (Input.PERSON,))
    ),
    Aggregation.AGGREGATION_SUM: _sum(Input.NUMBER),
    Aggregation.AGGREGATION_AVERAGE: _average(Input.NUMBER, Call("count", (Input.NUMBER,))),
    Aggregation.AGGREGATION_MIN: Recipe((Call("min", (Input.NUMBER,)),)),
    Aggregation.AGGREGATION_MAX: Recipe((Call("max", (Input.NUMBER,)),)),
    Aggregation.AGGREGATION_MEDIAN: _percentile(0.5),
    Aggregation.AGGREGATION_P90: _percentile(0.9),
    Aggregation.AGGREGATION_P95: _percentile(0.95),
    Aggregation.AGGREGATION_P99: _percentile(0.99),
    Aggregation.AGGREGATION_DISTINCT_VALUES: Recipe((Call("uniqExact", (Input.KIND, Input.KEY)),)),
    Aggregation.AGGREGATION_SESSIONS: Recipe((Call("count", (Input.ROW,)),)),
    Aggregation.AGGREGATION_AVERAGE_SESSION_DURATION: Recipe(
        (Call("sum", (Input.DURATION,)), Call("count", (Input.ROW,))), "{0} / nullIf({1}, 0) / 1000"
    ),
    Aggregation.AGGREGATION_BOUNCE_RATE: _quotient(
        Call("sum", (Input.BOUNCED,)), Call("count", (Input.ROW,))
    ),
    Aggregation.AGGREGATION_EVENTS_PER_SESSION: _quotient(
        Call("sum", (Input.PASSING,)), Call("count", (Input.ROW,))
    ),
}

# Of rows that stand for several events each.
WEIGHED: dict[Aggregation, Recipe] = {
    Aggregation.AGGREGATION_COUNT: Recipe((Call("sum", (Input.WEIGHT,)),), "ifNull({0}, 0)"),
    Aggregation.AGGREGATION_SUM: _sum(Input.SUM),
    Aggregation.AGGREGATION_AVERAGE: _average(Input.SUM, Call("sum", (Input.NUMBERS,))),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One aggregation of one property, for the series that ask for it.

    Args:
        position: names its columns.
        series: the positions of those series.
        exclusive: there are other measures, so rows of other series must not enter.
        weighed: it is of rows that stand for several events each.
    """

    position: int
    aggregation: Aggregation
    operand: Operand | None
    series: tuple[int, ...]
    exclusive: bool
    weighed: bool = False

    @property
    def recipe(self) -> Recipe:
        """The calls and their result."""
        return (WEIGHED if self.weighed else RECIPES)[self.aggregation]


def measures(series: Sequence[Series], *, weighed: bool = False) -> tuple[Measure, ...]:
    """Collect what must be computed: equal aggregations of equal properties once.

    Args:
        series: what is computed.
        weighed: rows stand for several events each.
    """
    asked: dict[tuple[Aggregation, Operand | None], list[int]] = {}
    for position, each in enumerate(series):
        asked.setdefault((each.aggregation, each.operand), []).append(position)
    return tuple(
        Measure(
            position=position,
            aggregation=aggregation,
            operand=operand,
            series=tuple(positions),
            exclusive=len(asked) > 1,
            weighed=weighed,
        )
        for position, ((aggregation, operand), positions) in enumerate(asked.items())
    )


def column(measure: Measure, input_: Input) -> str:
    """Name the column of a matched row that holds an input."""
    return f"{input_.value}_{measure.position}" if input_ in OF_PROPERTY else input_.value


def result_column(measure: Measure) -> str:
    """Name the column of the answer that holds the number."""
    return f"result_{measure.position}"


def direct(measure: Measure) -> Fragment:
    """Compute the number from matched rows."""
    return _result(measure, [_call(measure, each, "") for each in measure.recipe.calls])


def states(measure: Measure) -> list[Fragment]:
    """Gather each call's state from matched rows, as a column of its own."""
    return [
        sql(f"{{call}} AS {_state_column(measure, position)}", call=_call(measure, each, "State"))
        for position, each in enumerate(measure.recipe.calls)
    ]


def merged(measure: Measure, *, condition: Fragment | None = None, window: str = "") -> Fragment:
    """Compute the number from states, of the rows that meet a condition, in a window if named."""
    suffix = "MergeIf" if condition else "Merge"
    over = f" OVER {window}" if window else ""
    calls = []
    for position, each in enumerate(measure.recipe.calls):
        arguments = [sql(_state_column(measure, position)), *([condition] if condition else [])]
        calls.append(
            sql(
                f"{each.function}{suffix}{each.parameters}({{arguments}}){over}",
                arguments=joined(", ", arguments),
            )
        )
    return _result(measure, calls)


def _result(measure: Measure, calls: list[Fragment]) -> Fragment:
    template = measure.recipe.result.replace("{0}", "{first}").replace("{1}", "{second}")
    first, second = calls[0], calls[-1]
    return sql(template, first=first, second=second)


def _state_column(measure: Measure, call: int) -> str:
    return f"state_{measure.position}_{call}"


def _call(measure: Measure, call: Call, suffix: str) -> Fragment:
    inputs = [_argument(measure, each) for each in call.inputs]
    return sql(
        f"{call.function}{suffix}{call.parameters}({{inputs}})",
        inputs=joined(", ", filter(None, inputs)) if any(inputs) else sql(""),
    )


def _argument(measure: Measure, input_: Input) -> Fragment | None:
    """Read an input, NULL in rows of other series; a count of all rows reads nothing."""
    read = sql("1") if input_ is Input.ROW else sql(column(measure, input_))
    if not measure.exclusive:
        return None if input_ is Input.ROW else read
    return sql("if({own}, {read}, NULL)", own=own_rows(measure), read=read)


def own_rows(measure: Measure) -> Fragment:
    """Tell whether a matched row is of a series that asks for the measure."""
    return sql(f"series IN ({', '.join(map(str, measure.series))})")
