"""4. The attempt of each unit that counts: the deepest, of those the first that no exclusion hits."""

from collections.abc import Iterator

from eventglass.planning.funnel import Funnel, Order
from eventglass.sql.fragment import Fragment, listed, sql, value
from eventglass.sql.funnel import exclusions
from eventglass.sql.funnel.attempts import attempt_by_attempt
from eventglass.sql.funnel.chains import chains
from eventglass.sql.funnel.chosen import of_chosen
from eventglass.sql.funnel.deepest import counts_the_deepest, deepest
from eventglass.sql.funnel.events import units
from eventglass.sql.funnel.packing import time_of
from eventglass.sql.funnel.touches import first_of, reads_steps, reads_touches
from eventglass.sql.funnel.unordered import unordered
from eventglass.sql.funnel.within import within
from eventglass.sql.stages import Columns, staged


def counted(funnel: Funnel, edges: tuple[int, ...]) -> Fragment:
    """Select a row per unit.

    Columns:
        waits: Array(Int64), per step that was reached the milliseconds since the required step before it;
            empty, if no attempt counts. UNORDERED: per number of steps done. With optional steps all
            steps are there, those that were not reached with -1.
        best: the score of the attempt that counts: twice its depth, and one more if it is clean.
        picked: the tuple of breakdown values, or of told.py or touches.py; only with a breakdown.
        trend: (buckets, scores), the best score of the attempts that begin in each bucket; only with
            `edges`.
        cut: events that were left out.
    """
    if counts_the_deepest(funnel, edges):
        chosen = deepest(funnel)
    else:
        chosen = staged(_attempts(funnel), _stages(funnel, edges))
    return _best_of_held(funnel, chosen, edges) if funnel.held else chosen


def _attempts(funnel: Funnel) -> Fragment:
    """Look at all attempts of a unit at once where the rules allow it, else at each by itself."""
    if any(funnel.steps[at].within is not None for at in funnel.required):
        return attempt_by_attempt(funnel, within(funnel))
    if funnel.order is Order.UNORDERED and funnel.overlaps:
        return attempt_by_attempt(funnel, unordered(funnel))
    return chains(funnel)


def _stages(funnel: Funnel, edges: tuple[int, ...]) -> Iterator[Columns]:
    """Choose one of all attempts."""
    if funnel.exclusions:
        yield from exclusions.following(funnel)
    yield {"scores": _scores(funnel)}
    yield {"best": sql("arrayMax(scores)"), **({"trend": _trend(funnel, edges)} if edges else {})}
    yield {"chosen": sql("indexOf(scores, best)"), "depth": sql("intDiv(best, 2)")}
    yield {f"mark_{at}": sql(f"chain_{at}[chosen]") for at, _ in enumerate(funnel.steps)}
    yield from of_chosen(funnel)


def _scores(funnel: Funnel) -> Fragment:
    """Twice the depth, and one more for an attempt that no exclusion hits; 0 for none."""
    if not funnel.exclusions:
        return sql("arrayMap(depth -> if(depth = 0, 0, depth * 2 + 1), depths)")
    steps = {f"step_{at}": f"chain_{at}" for at, _ in enumerate(funnel.steps)}
    following = {f"next_{at}": f"next_{at}" for at, _ in enumerate(funnel.exclusions)}
    arrays = {"depth": "depths", "mark": "begun", **steps, **following}
    return sql(
        "arrayMap(({arguments}) -> if(depth = 0, 0, depth * 2 + toUInt8({clean})), {arrays})",
        arguments=sql(", ".join(arrays)),
        clean=exclusions.clean(funnel),
        arrays=sql(", ".join(arrays.values())),
    )


def _trend(funnel: Funnel, edges: tuple[int, ...]) -> Fragment:
    """The best score of the attempts that begin in each bucket."""
    return sql(
        """\
arrayReduce('maxMap',
    arrayMap(
        (mark, score) -> if(score = 0, [], [roundDown({time} + {start}, {edges})]),
        begun, scores),
    arrayMap(score -> if(score = 0, [], [toUInt16(score)]), scores))""",
        time=sql(time_of("mark")),
        start=value("Int64", funnel.start),
        edges=value("Array(Int64)", edges),
    )


def _best_of_held(funnel: Funnel, chosen: Fragment, edges: tuple[int, ...]) -> Fragment:
    """Of a unit's attempts with different held values keep the one that counts."""
    of_attempt = ["waits", "best", *(["picked"] if reads_steps(funnel) else [])]
    winner = [sql(f"winner.{at + 1} AS {name}") for at, name in enumerate(of_attempt)]
    of_unit = [
        sql("sum(cut) AS all_cut"),
        # Deepest first, then clean ones: a hit one wins only where all of that depth are hit.
        sql(f"argMin(tuple({', '.join(of_attempt)}), (-toInt32(best), standing, held)) AS winner"),
        *([sql("{touch} AS first_touch", touch=first_of("picked"))] if reads_touches(funnel) else []),
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
