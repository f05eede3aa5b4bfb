"""Formulas as SQL."""

from collections.abc import Sequence

from eventglass.planning.formula import Binary, Constant, Formula, Letter, Negative
from eventglass.sql.fragment import Fragment, sql, value


def computed(formula: Formula, series: Sequence[Fragment]) -> Fragment:
    """Compute a formula of one Nullable(Float64) per series; division by 0, or beyond a double, is NULL."""
    match formula:
        case Constant(number):
            return value("Float64", number)
        case Letter(index):
            return series[index]
        case Negative(operand):
            return sql("(-{operand})", operand=computed(operand, series))
        case Binary(operator, left, right):
            divided = "nullIf(ifNotFinite({right}, 0), 0)" if operator == "/" else "{right}"
            return sql(
                f"({{left}} {operator} {divided})",
                left=computed(left, series),
                right=computed(right, series),
            )
