"""4. The attempt of each unit that counts: the deepest, of those the first that no exclusion hits."""

from collections.abc import Iterator

from eventglass.planning.funnel import Attribution, Exclusion, Funnel, Order
from eventglass.sql import values
from eventglass.sql.fragment import Fragment, every, joined, listed, sql, value
from eventglass.sql.funnel.attempts import attempt_by_attempt
from eventglass.sql.funnel.chains import chains, limit_of
from eventglass.sql.funnel.events import reads_touches, units
from eventglass.sql.funnel.packing import POSITION_BITS
from eventglass.sql.funnel.sequences import NO_TOUCH
from eventglass.sql.funnel.unordered import overlap, unordered
from eventglass.sql.funnel.within import within
from eventglass.sql.stages import Columns, staged

_POSITION = 2**POSITION_BITS - 1
_TIME = sql(f"toInt64(bitShiftRight(mark, {POSITION_BITS}))")


def counted(funnel: Funnel, edges: tuple[int, ...]) -> Fragment:
    """Select a row per unit.

    Columns:
        step_times: Array(Int64), per step the time of the event that served it; -1 for none.
            UNORDERED: per number of steps done.
        picked: the tuple of breakdown values; only with a breakdown.
        trend: (buckets, scores), the best score of the attempts that begin in each bucket; only with
            `edges`. A score is twice the depth, and one more if some attempt so deep is clean.
        cut: events that were left out.
    """
    chosen = staged(_attempts(funnel), _stages(funnel, edges))
    return _best_of_held(funnel, chosen, edges) if funnel.held else chosen


def _attempts(funnel: Funnel) -> Fragment:
    """Look at all attempts of a unit at once where the rules allow it, else at each by itself."""
    if any(funnel.steps[at].within is not None for at in funnel.required):
        return attempt_by_attempt(funnel, within(funnel))
    if funnel.order is Order.UNORDERED and overlap(funnel):
        return attempt_by_attempt(funnel, unordered(funnel))
    return chains(funnel)


def _stages(funnel: Funnel, edges: tuple[int, ...]) -> Iterator[Columns]:
    marks = ", ".join(f"chain_{at}[chosen]" for at, _ in enumerate(funnel.steps))
    yield {"scores": _scores(funnel)}
    yield {"best": sql("arrayMax(scores)"), **({"trend": _trend(funnel, edges)} if edges else {})}
    yield {"chosen": sql("indexOf(scores, best)"), "depth": sql("intDiv(best, 2)")}
    yield {"chain": sql(f"[{marks}]")}
    yield {"served": _served(funnel)}
    yield {
        "step_times": sql("arrayMap(mark -> if(mark = 0, toInt64(-1), {time}), served)", time=_TIME),
        **({"picked": _picked(funnel)} if funnel.breakdown else {}),
        **({"standing": _standing(funnel)} if funnel.held else {}),
    }


def _standing(funnel: Funnel) -> Fragment:
    """What the events that served are ordered by, so that attempts of different held values compare."""
    position = f"bitAnd(mark, {_POSITION})"
    key = f"(sort_keys[{position}], reads[{position}])" if funnel.breakdown else f"sort_keys[{position}]"
    return sql(f"arrayMap(mark -> {key}, arrayFilter(mark -> mark != 0, served))")


def _scores(funnel: Funnel) -> Fragment:
    """Twice the depth, and one more for an attempt that no exclusion hits; 0 for none."""
    names = [f"chain_{at}" for at, _ in enumerate(funnel.steps)] if funnel.exclusions else []
    clean = every(sql("NOT {hit}", hit=_hit(each, at, funnel)) for at, each in enumerate(funnel.exclusions))
    return sql(
        "arrayMap(({arguments}) -> if(depth = 0, 0, depth * 2 + {clean}), {arrays})",
        arguments=sql(", ".join(["depth", "mark", *(name.replace("chain", "step") for name in names)])),
        clean=sql("toUInt8({clean})", clean=clean) if funnel.exclusions else sql("1"),
        arrays=sql(", ".join(["depths", "begun", *names])),
    )


def _hit(exclusion: Exclusion, at: int, funnel: Funnel) -> Fragment:
    """Tell whether an exclusion event comes after one step and before the other, or the window's end."""
    after, before = (_time_of_rank(rank, funnel) for rank in (exclusion.after, exclusion.before))
    over = sql(f"bitShiftRight({{limit}}, {POSITION_BITS})", limit=limit_of("mark", funnel))
    return sql(
        f"""\
(depth >= {exclusion.after} AND arrayExists(
    at -> at > {{after}} AND at < if(depth >= {exclusion.before}, {{before}}, {{over}}), excluded_{at}))""",
        after=after,
        before=before,
        over=over,
    )


def _time_of_rank(rank: int, funnel: Funnel) -> Fragment:
    """The time of the required step of a rank, from 1; UNORDERED: of that many steps done."""
    if funnel.order is Order.UNORDERED:
        steps = ", ".join(f"step_{at}" for at, _ in enumerate(funnel.steps))
        return sql(f"bitShiftRight(arraySort([{steps}])[{rank}], {POSITION_BITS})")
    return sql(f"bitShiftRight(step_{funnel.required[rank - 1]}, {POSITION_BITS})")


def _served(funnel: Funnel) -> Fragment:
    """Per step the mark of the event that served it; 0 for none."""
    steps = len(funnel.steps)
    if funnel.order is Order.UNORDERED:
        return sql(
            "arrayMap((mark, rank) -> if(rank <= depth, mark, 0), arraySort(chain), arrayEnumerate(chain))"
        )
    required = funnel.required
    if len(required) == steps:
        return sql("arrayMap((mark, rank) -> if(rank <= depth, mark, 0), chain, arrayEnumerate(chain))")
    marks = [
        sql("if({done}, chain[{at}], 0)", done=_done(at, funnel), at=sql(str(at + 1))) for at in range(steps)
    ]
    return sql("[{marks}]", marks=joined(", ", marks))


def _done(at: int, funnel: Funnel) -> Fragment:
    required = funnel.required
    if at in required:
        return sql(f"depth >= {required.index(at) + 1}")
    before = funnel.required_before(at)
    rank = required.index(before) + 1
    following = required[rank]
    conditions = [
        sql(f"depth >= {rank}"),
        sql(
            f"chain[{at + 1}] < if(depth > {rank}, chain[{following + 1}], {{limit}})",
            limit=limit_of("begun[chosen]", funnel),
        ),
    ]
    within = funnel.steps[at].within
    if within is not None:
        conditions.append(
            sql(
                f"bitShiftRight(chain[{at + 1}], {POSITION_BITS})"
                f" <= bitShiftRight(chain[{before + 1}], {POSITION_BITS}) + {{within}}",
                within=value("UInt64", within),
            )
        )
    return every(conditions)


def _picked(funnel: Funnel) -> Fragment:
    """The values of the event (or touch) that the attribution names."""
    if reads_touches(funnel):
        return sql("touch")
    return sql(f"reads[bitAnd({{mark}}, {_POSITION})]", mark=_attributed(funnel))


def _attributed(funnel: Funnel) -> Fragment:
    """The mark of the event whose values count."""
    if funnel.order is Order.UNORDERED:
        rank = (
            "depth"
            if funnel.attribution is Attribution.LAST_STEP
            else f"least(depth, {funnel.attribution_step})"
        )
        return sql(f"served[{rank}]")
    required = funnel.required
    if funnel.attribution is Attribution.LAST_STEP:
        positions = ", ".join(str(at + 1) for at in required)
        return sql(f"served[[{positions}][depth]]")
    wanted = funnel.attribution_step - 1
    candidates = [wanted, *(at for at in reversed(required) if at < wanted)]
    cases = ", ".join(f"served[{at + 1}] != 0, served[{at + 1}]" for at in candidates)
    return sql(f"multiIf({cases}, 0)")


def _trend(funnel: Funnel, edges: tuple[int, ...]) -> Fragment:
    """The best score of the attempts that begin in each bucket."""
    return sql(
        """\
arrayReduce('maxMap',
    arrayMap(
        (mark, score) -> if(score = 0, [], [roundDown({time} + {start}, {edges})]),
        begun, scores),
    arrayMap(score -> if(score = 0, [], [toUInt16(score)]), scores))""",
        time=_TIME,
        start=value("Int64", funnel.start),
        edges=value("Array(Int64)", edges),
    )


def _best_of_held(funnel: Funnel, chosen: Fragment, edges: tuple[int, ...]) -> Fragment:
    """Of a unit's attempts with different held values keep the one that counts."""
    of_attempt = ["step_times", "best", *(["picked"] if _is_picked(funnel) else [])]
    winner = [sql(f"winner.{at + 1} AS {name}") for at, name in enumerate(of_attempt)]
    of_unit = [
        sql("sum(cut) AS all_cut"),
        # Deepest first, then clean ones: a hit one wins only where all of that depth are hit.
        sql(f"argMin(tuple({', '.join(of_attempt)}), (-toInt32(best), standing, held)) AS winner"),
        *([sql("min(picked) AS first_touch")] if reads_touches(funnel) else []),
        *([sql("maxMap(trend.1, trend.2) AS all_trend")] if edges else []),
    ]
    renamed = [
        sql("all_cut AS cut"),
        *winner,
        *([sql("first_touch AS picked")] if reads_touches(funnel) else []),
        *([sql("all_trend AS trend")] if edges else []),
    ]
    return sql(
        """\
SELECT
    {renamed}
FROM (
    SELECT
        {of_unit}
    FROM (
        {chosen})
    GROUP BY {by})""",
        renamed=listed(renamed),
        of_unit=listed(of_unit),
        chosen=chosen,
        by=sql(", ".join(units(funnel))),
    )


def _is_picked(funnel: Funnel) -> bool:
    return funnel.breakdown is not None and not reads_touches(funnel)


def picked_values(funnel: Funnel) -> Fragment:
    """The breakdown values of a row of `counted`: of a unit without a touch they are missing."""
    if not reads_touches(funnel) or funnel.breakdown is None:
        return sql("picked")
    missing = joined(", ", [values.MISSING] * len(funnel.breakdown.operands))
    return sql(
        "if(picked.1 = {none}, tuple({missing}), picked.2)", none=value("Int64", NO_TOUCH), missing=missing
    )
