"""4. What is kept of the attempt that counts: when its steps were reached, and the values that it has."""

from collections.abc import Iterator

from eventglass.planning.funnel import Attribution, Funnel, Order
from eventglass.sql.fragment import Fragment, every, joined, listed, sql, value
from eventglass.sql.funnel.chains import limit_of
from eventglass.sql.funnel.packing import POSITION, time_of
from eventglass.sql.funnel.told import PICKED, is_told, keeps_lists, reads_the_start
from eventglass.sql.funnel.touches import reads_steps, reads_touches
from eventglass.sql.stages import Columns


def of_chosen(funnel: Funnel) -> Iterator[Columns]:
    """Say what is kept of the attempt that counts, of its `mark_0` …, `depth` and `best`."""
    is_begun = is_told(funnel) and reads_the_start(funnel)
    if (reads_steps(funnel) and not is_begun) or funnel.held or funnel.has_optional:
        yield {"served": _served(funnel)}
    if funnel.has_optional:
        yield {"times": sql(f"arrayMap(mark -> if(mark != 0, {time_of('mark')}, toInt64(-1)), served)")}
    if is_told(funnel):
        # There is no event at position 0.
        mark = sql("if(depth = 0, 0, mark_0)") if is_begun else _attributed(funnel)
        yield {"attributed": sql(f"sort_keys[bitAnd({{mark}}, {POSITION})]", mark=mark)}
    yield {
        "waits": _waits_with_optional(funnel) if funnel.has_optional else _waits(funnel),
        **({"picked": _picked(funnel)} if funnel.breakdown else {}),
        **({"standing": _standing(funnel)} if funnel.held else {}),
    }


def _waits(funnel: Funnel) -> Fragment:
    # Of the marks, not of `served`: the times of a few numbers cost less than those of arrays.
    return waits([sql(time_of(f"mark_{at}")) for at, _ in enumerate(funnel.steps)], funnel)


def waits(times: list[Fragment], funnel: Funnel) -> Fragment:
    """The milliseconds from one step to the next, of their times; without optional steps."""
    in_order = "arraySort([{times}])" if funnel.order is Order.UNORDERED else "[{times}]"
    depth = "depth * bitAnd(best, 1)" if funnel.exclusions else "depth"
    return sql(
        f"arrayDifference(arraySlice({in_order}, 1, {depth}))",
        times=sql("\n    {times}", times=listed(times)),
    )


def _waits_with_optional(funnel: Funnel) -> Fragment:
    before = [1, *(funnel.required_before(at) + 1 for at in range(1, len(funnel.steps)))]
    return sql(
        """\
if(bitAnd(best, 1) != 0,
    arrayMap((time, before) -> if(time < 0, time, time - before), times, [{before}]),
    [])""",
        before=sql(", ".join(f"times[{each}]" for each in before)),
    )


def _standing(funnel: Funnel) -> Fragment:
    """What the events that served are ordered by, so that attempts of different held values compare.

    Attempts are made of required steps alone (semantics 11.10).
    """
    position = f"bitAnd(mark, {POSITION})"
    key = f"(sort_keys[{position}], reads[{position}])" if keeps_lists(funnel) else f"sort_keys[{position}]"
    required = ", ".join(f"mark_{at}" for at in funnel.required)
    marks = f"arraySlice([{required}], 1, depth)" if funnel.has_optional else "served"
    return sql(f"arrayMap(mark -> {key}, {marks})")


def _served(funnel: Funnel) -> Fragment:
    """Per step that was reached the mark of its event; 0 for an optional one that was not."""
    if funnel.has_optional:
        marks = [
            sql("if({done}, {mark}, 0)", done=_done(at, funnel), mark=sql(f"mark_{at}"))
            for at, _ in enumerate(funnel.steps)
        ]
        return sql("[{marks}]", marks=joined(", ", marks))
    marks_ = ", ".join(f"mark_{at}" for at, _ in enumerate(funnel.steps))
    in_order = f"arraySort([{marks_}])" if funnel.order is Order.UNORDERED else f"[{marks_}]"
    return sql(f"arraySlice({in_order}, 1, depth)")


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
            f"mark_{at} < if(depth > {rank}, mark_{following}, {{limit}})",
            limit=limit_of("mark_0", funnel.window),
        ),
    ]
    within = funnel.steps[at].within
    if within is not None:
        conditions.append(
            sql(
                f"{time_of(f'mark_{at}')} <= {time_of(f'mark_{before}')} + {{within}}",
                within=value("Int64", within),
            )
        )
    return every(conditions)


def _picked(funnel: Funnel) -> Fragment:
    """The values of the event (or touch) that the attribution names."""
    if reads_touches(funnel):
        return sql("touch")
    if is_told(funnel):
        return PICKED
    return sql(f"reads[bitAnd({{mark}}, {POSITION})]", mark=_attributed(funnel))


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
