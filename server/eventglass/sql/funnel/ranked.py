"""5. The places of the breakdown's values, by the units that entered with each.

Bins are counted before their values are ranked: there are far fewer of them than units.
"""

from collections.abc import Callable

from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.funnel import Funnel
from eventglass.sql import values
from eventglass.sql.fragment import Fragment, listed, sql, value
from eventglass.sql.funnel.told import keeps_lists, typed_of_picked
from eventglass.sql.funnel.touches import reads_touches, values_of_touch


def picked_value(funnel: Funnel, edges: tuple[int, ...], *, is_step: str) -> Fragment:
    """Read what a unit has of the breakdown, a tuple or a text; where no step is counted, nothing."""
    picked = sql("picked")
    if funnel.breakdown and reads_touches(funnel):
        picked = values_of_touch(funnel.breakdown)
    if not edges:
        return picked
    return sql(f"if({is_step}, {{picked}}, defaultValueOfArgumentType({{picked}}))", picked=picked)


def ranked(
    funnel: Funnel, edges: tuple[int, ...], breakdown: Breakdown, bins: Fragment, *, is_step: str
) -> Fragment:
    """Give every bin of a value the value's place, from 1 (other after the last), and the value.

    Args:
        funnel: what is counted.
        edges: of the trend, if there is one; its bins are of all values together, and of place 0.
        breakdown: its limit.
        bins: `key`, `units_in_bin`, `picked_value`, and what `is_step` reads.
        is_step: with a trend, tells the bins of steps from its own.
    """
    limit = breakdown.limit or 0
    place = sql("least(rank, {after_last})", after_last=value("UInt64", limit + 1))
    return sql(
        """\
SELECT
    *,
    {place} AS place_in_bin,
    {kept}
FROM (
    SELECT
        *,
        dense_rank() OVER (ORDER BY entered DESC, picked_value) AS rank
    FROM (
        SELECT
            *,
            sumIf(units_in_bin, {entered}) OVER (PARTITION BY picked_value) AS entered
        FROM (
            {bins})))""",
        place=sql(f"if({is_step}, {{place}}, 0)", place=place) if edges else place,
        kept=listed(
            sql(
                f"if(rank <= {{limit}}, {{read}}, {{nothing}}) AS kept_{at}_in_bin",
                limit=value("UInt64", limit),
                read=_read(funnel)(breakdown, at),
                nothing=values.MISSING,
            )
            for at, _ in enumerate(breakdown.operands)
        ),
        entered=sql(f"{is_step} AND key = 1" if edges else "key = 1"),
        bins=bins,
    )


def _read(funnel: Funnel) -> Callable[[Breakdown, int], Fragment]:
    return _of_tuple if keeps_lists(funnel) else typed_of_picked


def _of_tuple(_: Breakdown, at: int) -> Fragment:
    return sql(f"picked_value.{at + 1}")
