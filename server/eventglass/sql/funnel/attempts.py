"""3. The same as chains.py, a row per attempt: for rules that look at each attempt by itself.

The cost is a unit's attempts times the events that each can reach. Nothing is looked up in all of its
events for each attempt, and what is known of the unit besides stands beside its first attempt alone.
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
        kept=listed(sql(f"anyIf(of_{name}, number = 1) AS {name}") for name in _kept(funnel)),
        never=value("UInt64", NEVER),
        chain=sql(", ".join(chain)),
        attempts=staged(_begun(funnel), [*_windows(), *stages]),
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
    kept = _kept(funnel)
    return sql(
        """\
SELECT
    {keys},
    {of_kept},
    marks,
    masks,
    number,
    behind,
    bitAnd(begin, {position}) AS position,
    if(begin = 0, {never}, begin) AS start
FROM (
    {units})
ARRAY JOIN
    begins AS begin,
    behinds AS behind,
    arrayEnumerate(begins) AS number,
    {joined}""",
        keys=listed(map(sql, keys(funnel))),
        of_kept=listed(sql(f"of_{name}") for name in kept),
        position=sql(str(POSITION)),
        never=value("UInt64", NEVER),
        units=staged(sequences(funnel), _attempts(funnel)),
        joined=listed(sql(f"arrayResize([{name}], length(begins)) AS of_{name}") for name in kept),
    )


def _attempts(funnel: Funnel) -> list[Columns]:
    """Make `begins`, the mark that begins each attempt, and `behinds`, the position of its last event.

    Marks and the ends of their windows are put in one order, in which the marks are counted: an end has
    the position 0, and stands before a mark of its own time.
    """
    begins = "mask != 0" if funnel.order is Order.UNORDERED else matches("mask", 0)
    limits = sql("arrayMap(mark -> {limit}, marks)", limit=limit_of("mark", funnel.reach))
    is_end = f"bitAnd(each, {POSITION}) = 0"
    return [
        {"in_order": sql("arraySort(arrayConcat(marks, {limits}))", limits=limits)},
        {"counted": sql(f"arrayCumSum(each -> NOT ({is_end}), in_order)")},
        {"ends": sql(f"arrayFilter((count, each) -> {is_end}, counted, in_order)")},
        {
            name: sql(
                f"""\
emptyArrayToSingle(arrayFilter(
    (each, mark, mask) -> {begins} AND mark < {{end}},
    {of}, marks, masks))""",
                end=end_mark(funnel),
            )
            for name, of in (("begins", "marks"), ("behinds", "ends"))
        },
    ]


def _windows() -> list[Columns]:
    in_window = "if(position = 0, 0, behind - position + 1)"
    return [
        {
            "later": sql(f"arraySlice(marks, position, {in_window})"),
            "later_masks": sql(f"arraySlice(masks, position, {in_window})"),
        }
    ]
