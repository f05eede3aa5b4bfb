"""3. Steps with windows of their own.

Serving each step as early as possible can then lose depth: a later event may be the only one that
the next step is near enough to. So each attempt is looked at by itself: forward for what is
reachable, back for what leads to the greatest depth, and forward again for the earliest of that.
"""

from collections.abc import Iterator

from eventglass.planning.funnel import Funnel
from eventglass.sql.fragment import Fragment, joined, sql, value
from eventglass.sql.funnel.packing import NEVER, POSITION_BITS, matches
from eventglass.sql.stages import Columns


def within(funnel: Funnel) -> Iterator[Columns]:
    """Make `depth` and `chain_0` … of an attempt; see attempts.py."""
    required = funnel.required
    levels = range(1, len(required))
    yield {"chain_0": sql("start")}
    for level in levels:
        yield from _forward(level, funnel)
    reached = [sql("1"), *(sql(f"has(serves_{level}, 1)") for level in levels)]
    yield {"depth": sql("toUInt8({reached})", reached=joined(" + ", reached))}
    for level in reversed(levels):
        yield {f"leads_{level}": _backward(level, funnel)}
    for level in levels:
        yield {f"chain_{required[level]}": _earliest(level, funnel)}
    optional = [at for at, step in enumerate(funnel.steps) if step.optional]
    yield {f"first_{at}": _first_optional(at, funnel) for at in optional}
    yield {f"chain_{at}": sql(f"if(first_{at} = 0, {{never}}, first_{at})", never=_NEVER) for at in optional}


def _earliest(level: int, funnel: Funnel) -> Fragment:
    """The first event that leads to the greatest depth, after the one that served the step before."""
    before = funnel.required[level - 1]
    return sql(
        f"""\
if(depth > {level},
    arrayFirst((mark, leads) -> leads AND mark > chain_{before}, later, leads_{level}),
    {{never}})""",
        never=_NEVER,
    )


_NEVER = value("UInt64", NEVER)


def _near(before: str, after: str, level: int, funnel: Funnel) -> Fragment:
    """Tell whether two marks are near enough for the step of a level to follow."""
    within = funnel.steps[funnel.required[level]].within
    if within is None:
        return sql("1")
    return sql(
        f"bitShiftRight({after}, {POSITION_BITS}) <= bitShiftRight({before}, {POSITION_BITS}) + {{within}}",
        within=value("UInt64", within),
    )


def _forward(level: int, funnel: Funnel) -> Iterator[Columns]:
    """Which later events can serve the step: near enough to one that can serve the step before."""
    step = funnel.required[level]
    if level == 1:
        yield {
            "serves_1": sql(
                f"""\
arrayMap(
    (mark, mask) -> toUInt8({matches("mask", step)} AND mark > start AND {{near}}),
    later, later_masks)""",
                near=_near("start", "mark", level, funnel),
            )
        }
        return
    yield {
        f"latest_{level - 1}": sql(
            f"""\
arrayPopBack(arrayPushFront(arrayFill(
    mark -> mark != 0,
    arrayMap((mark, serves) -> if(serves, mark, 0), later, serves_{level - 1})), 0))"""
        )
    }
    yield {
        f"serves_{level}": sql(
            f"""\
arrayMap(
    (mark, mask, latest) -> toUInt8({matches("mask", step)} AND latest != 0 AND {{near}}),
    later, later_masks, latest_{level - 1})""",
            near=_near("latest", "mark", level, funnel),
        )
    }


def _backward(level: int, funnel: Funnel) -> Fragment:
    """Which of them lead to the greatest depth."""
    if level == len(funnel.required) - 1:
        return sql(f"serves_{level}")
    return sql(
        f"""\
arrayMap(
    (mark, serves, next) -> toUInt8(serves AND (depth = {level + 1} OR (next != {{never}} AND {{near}}))),
    later,
    serves_{level},
    arrayPopFront(arrayPushBack(arrayReverseFill(
        mark -> mark != {{never}},
        arrayMap((mark, leads) -> if(leads, mark, {{never}}), later, leads_{level + 1})),
        {{never}})))""",
        never=_NEVER,
        near=_near("mark", "next", level + 1, funnel),
    )


def _first_optional(at: int, funnel: Funnel) -> Fragment:
    """The first event after the required step before that matches an optional step; 0 for none."""
    before = funnel.required_before(at)
    return sql(
        f"""\
arrayFirst(
    (mark, mask) -> {matches("mask", at)} AND mark > chain_{before},
    later, later_masks)"""
    )
