"""4. Which attempts an exclusion hits.

An exclusion's events are put between the attempts once, and filled backwards as in chains.py. To look
through them for each attempt would take attempts times events, in memory, too, and a robot has many.
"""

from collections.abc import Iterator

from eventglass.planning.funnel import Exclusion, Funnel, Order
from eventglass.sql.fragment import Fragment, every, listed, sql, value
from eventglass.sql.funnel.chains import limit_of
from eventglass.sql.funnel.packing import NEVER, POSITION, POSITION_BITS
from eventglass.sql.stages import Columns


def following(funnel: Funnel) -> Iterator[Columns]:
    """Make `next_0` …: per attempt an exclusion's first event that is later than the step it counts from.

    Where an attempt did not reach that step it says nothing. Beside a time there is the number of an
    attempt, from 1, or 0 of an exclusion's event: so that of the same millisecond stands before, and
    what is filled is sorted back into the order of the attempts.
    """
    numbers = range(len(funnel.exclusions))
    yield {f"from_{at}": _numbered(each, funnel) for at, each in enumerate(funnel.exclusions)}
    yield {f"among_{at}": _among(at) for at in numbers}
    yield {f"filled_{at}": sql(f"arrayReverseFill(each -> {_IS_EXCLUDED}, among_{at})") for at in numbers}
    yield {f"next_{at}": _sorted_back(at) for at in numbers}


def clean(funnel: Funnel) -> Fragment:
    """Tell of a `depth`, `mark`, `step_0` … and `next_0` … that no exclusion hits the attempt."""
    return every(sql("NOT {hit}", hit=_hit(each, at, funnel)) for at, each in enumerate(funnel.exclusions))


_IS_EXCLUDED = f"bitAnd(each, {POSITION}) = 0"


def _numbered(exclusion: Exclusion, funnel: Funnel) -> Fragment:
    chains = [sql(f"chain_{at}") for at, _ in enumerate(funnel.steps)]
    return sql(
        f"""\
arrayMap(
    ({{arguments}}, number) -> bitShiftLeft({{time}}, {POSITION_BITS}) + number,
    {{chains}}, arrayEnumerate(begun))""",
        arguments=sql(", ".join(f"step_{at}" for at, _ in enumerate(funnel.steps))),
        time=_time_of_rank(exclusion.after, funnel),
        chains=listed(chains),
    )


def _among(at: int) -> Fragment:
    """All in order, and an event that never comes."""
    return sql(
        f"""\
arraySort(arrayConcat(
    from_{at},
    arrayMap(at -> bitShiftLeft(at, {POSITION_BITS}), excluded_{at}),
    [{{never}}]))""",
        never=value("UInt64", NEVER - POSITION),
    )


def _sorted_back(at: int) -> Fragment:
    return sql(
        f"""\
arraySort(
    (next, each) -> bitAnd(each, {POSITION}),
    arrayFilter((next, each) -> NOT {_IS_EXCLUDED}, filled_{at}, among_{at}),
    arrayFilter(each -> NOT {_IS_EXCLUDED}, among_{at}))"""
    )


def _hit(exclusion: Exclusion, at: int, funnel: Funnel) -> Fragment:
    """Tell whether an exclusion's event comes after one step and before the other, or the window's end."""
    return sql(
        f"""\
(depth >= {exclusion.after}
    AND bitShiftRight(next_{at}, {POSITION_BITS}) < if(depth >= {exclusion.before}, {{before}}, {{over}}))""",
        before=_time_of_rank(exclusion.before, funnel),
        over=sql(f"bitShiftRight({{limit}}, {POSITION_BITS})", limit=limit_of("mark", funnel.window)),
    )


def _time_of_rank(rank: int, funnel: Funnel) -> Fragment:
    """The time of the required step of a rank, from 1; UNORDERED: of that many steps done."""
    if funnel.order is Order.UNORDERED:
        steps = ", ".join(f"step_{at}" for at, _ in enumerate(funnel.steps))
        return sql(f"bitShiftRight(arraySort([{steps}])[{rank}], {POSITION_BITS})")
    return sql(f"bitShiftRight(step_{funnel.required[rank - 1]}, {POSITION_BITS})")
