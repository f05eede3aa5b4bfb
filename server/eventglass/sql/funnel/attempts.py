"""3. The same as chains.py, a row per attempt: for rules that look at each attempt by itself.

The cost is a unit's attempts times its events in a window.
"""

from collections.abc import Iterable

from eventglass.planning.funnel import Funnel, Order
from eventglass.sql.fragment import Fragment, listed, sql, value
from eventglass.sql.funnel.chains import end_mark, limit_of
from eventglass.sql.funnel.packing import NEVER, POSITION, matches
from eventglass.sql.funnel.sequences import beside, keys, sequences
from eventglass.sql.funnel.told import keeps_lists
from eventglass.sql.stages import Columns, staged


def attempt_by_attempt(funnel: Funnel, stages: Iterable[Columns]) -> Fragment:
    """Select what `chains` does, with one element per attempt.

    Args:
        funnel: what to count.
        stages: make `depth` and `chain_0` … of `start`, the mark that begins the attempt, and `later`
            and `later_masks`, the marks and masks of the events in its window from there on.
    """
    chain = [f"chain_{at}" for at, _ in enumerate(funnel.steps)]
    return sql(
        """\
SELECT
    *,
    arrayMap(each -> each.1, attempts) AS begun,
    arrayMap(each -> each.2, attempts) AS depths,
    {chains}
FROM (
    SELECT
        {keys},
        {kept},
        arraySort(groupArray((start, if(start = {never}, 0, depth), {chain}))) AS attempts
    FROM (
        {attempts})
    GROUP BY {by})""",
        chains=listed(
            sql(f"arrayMap(each -> each.{at + 3}, attempts) AS {name}") for at, name in enumerate(chain)
        ),
        keys=listed(map(sql, keys(funnel))),
        kept=listed(sql(f"any(of_{name}) AS {name}") for name in _kept(funnel)),
        never=value("UInt64", NEVER),
        chain=sql(", ".join(chain)),
        attempts=staged(_begun(funnel), [*_windows(funnel), *stages]),
        by=sql(", ".join(keys(funnel))),
    )


def _kept(funnel: Funnel) -> list[str]:
    """What is known of a unit besides its marks and masks."""
    return [
        "cut",
        "sort_keys",
        *(["reads"] if keeps_lists(funnel) else []),
        *beside(funnel),
        *(f"excluded_{at}" for at, _ in enumerate(funnel.exclusions)),
    ]


def _begun(funnel: Funnel) -> Fragment:
    """Select a row per attempt; a unit without any keeps one that is never."""
    begins = "mask != 0" if funnel.order is Order.UNORDERED else matches("mask", 0)
    return sql(
        f"""\
SELECT
    {{keys}},
    {{kept}},
    marks,
    masks,
    arrayJoin(emptyArrayToSingle(arrayFilter(
        (mark, mask) -> {begins} AND mark < {{end}},
        marks, masks))) AS begin,
    if(begin = 0, {{never}}, begin) AS start
FROM (
    {{sequences}})""",
        keys=listed(map(sql, keys(funnel))),
        kept=listed(sql(f"{name} AS of_{name}") for name in _kept(funnel)),
        end=end_mark(funnel),
        never=value("UInt64", NEVER),
        sequences=sequences(funnel),
    )


def _windows(funnel: Funnel) -> list[Columns]:
    limit = limit_of("start", funnel)
    return [
        {"in_window": sql("arrayCount(mark -> mark >= start AND mark < {limit}, marks)", limit=limit)},
        {
            "later": sql(f"arraySlice(marks, bitAnd(start, {POSITION}), in_window)"),
            "later_masks": sql(f"arraySlice(masks, bitAnd(start, {POSITION}), in_window)"),
        },
    ]
