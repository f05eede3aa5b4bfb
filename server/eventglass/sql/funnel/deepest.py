"""3. The attempt that counts, found without looking at every other.

For steps in order, where no rule asks about an attempt by itself: no trend, no exclusion, no window
between required steps. One walk forward finds the greatest depth: every event carries the limit, the
first time too late, of the latest start that leads to it through all steps before. With a window of
10, steps a and b, and events of the times 0, 6, 12 and 14:

    events           a0   b6   a12  b14
    limits of a      11   11   23   23     of the latest start, from here on
    ends with b           b6        b14    below the limit: both end an attempt of two steps

The first event that ends the greatest depth, here b6, also ends the first attempt that gets so far:
with that event any earlier start gets as far, unless the event is beyond its limit. So the attempt
begins at the first start whose limit is above the event, and each step is the next event that serves it.
"""

from collections.abc import Iterator

from eventglass.planning.funnel import Funnel, Order
from eventglass.sql.fragment import Fragment, sql, value
from eventglass.sql.funnel.events import reads_touches
from eventglass.sql.funnel.packing import NEVER, POSITION_BITS, packing
from eventglass.sql.funnel.sequences import keys, sequences
from eventglass.sql.stages import Columns, selected, staged


def counts_the_deepest(funnel: Funnel, edges: tuple[int, ...]) -> bool:
    """Tell whether this form holds for a funnel."""
    return (
        funnel.order is Order.ORDERED
        and not funnel.exclusions
        and not edges
        and all(funnel.steps[at].within is None for at in funnel.required)
    )


def deepest(funnel: Funnel) -> Fragment:
    """Select what the answer needs of sequences.py, and the attempt that counts.

    Columns:
        depth: how many required steps it reaches; 0 where there is no attempt.
        best: its score, twice the depth and one more; 0 likewise.
        mark_0 …: the mark of the event that serves each step, or would; see chains.py. A mark has no
            position, where nothing is read of an event.
    """
    kept = _kept(funnel)
    rows = selected(sequences(funnel), kept, _events(funnel))
    kept = [*kept, "events", "matched"]
    nothing = {"end_0": sql("toUInt64(0)"), "last_0": sql("toUInt64(0)"), "more_0": sql("toUInt8(0)")}
    rows = selected(rows, kept, {"limits_0": _limits(funnel), **nothing})
    levels = len(funnel.required)
    for level in range(1, levels):
        rows = selected(rows, [*kept, "limits_0"], _level(level, funnel))
    rows = selected(rows, [*kept, "limits_0", f"end_{levels - 1}"], _greatest(levels - 1))
    chain = {"chain_0": sql("events[arrayFirstIndex(limit -> limit > last, limits_0)]")}
    rows = selected(rows, [*kept, "more", f"end_{levels - 1}"], chain)
    rows = staged(rows, _chain(funnel))
    scored = {"depth": sql("(chain_0 != 0) + more"), "best": sql("(chain_0 != 0) * 3 + more * 2")}
    return selected(rows, _kept(funnel), {**scored, **_marks(funnel)})


def _kept(funnel: Funnel) -> list[str]:
    """What is known of a unit besides its events; of 60 stages for 30 steps each names what it passes on."""
    return [
        "cut",
        *([*keys(funnel), "sort_keys"] if funnel.held else []),
        *(["reads"] if funnel.breakdown else []),
        *(["touch"] if reads_touches(funnel) else []),
    ]


def _is_plain(funnel: Funnel) -> bool:
    """Tell whether sort keys can do the work of marks.

    They can where no event serves two steps, nothing is read of one, and no rule asks which of two of one
    millisecond comes first.
    """
    packed = packing(funnel)
    fits = packed.span_bits + 1 + packed.code_bits <= 64
    return fits and not (funnel.overlaps or funnel.has_optional or funnel.breakdown or funnel.held)


def _time_bits(funnel: Funnel) -> int:
    """The bits below the time, of what stands for events."""
    return packing(funnel).code_bits if _is_plain(funnel) else POSITION_BITS


def _window(funnel: Funnel) -> int:
    """No longer than what is looked at, so that limits fit where times do."""
    return min(funnel.window, max(0, funnel.last - funnel.start))


def _events(funnel: Funnel) -> Columns:
    """Put an event before all others that serves no step, and whose limit is 2**64, which is 0."""
    bits = _time_bits(funnel)
    unreal = value("UInt64", 2**64 - ((_window(funnel) + 1) << bits))
    if _is_plain(funnel):
        return {"events": sql("arrayPushFront(sort_keys, {unreal})", unreal=unreal), "matched": sql("events")}
    return {
        "events": sql("arrayPushFront(marks, {unreal})", unreal=unreal),
        "matched": sql("arrayPushFront(masks, 0)"),
    }


def _limits(funnel: Funnel) -> Fragment:
    """Give every event the limit of the latest start, itself included."""
    bits = _time_bits(funnel)
    return sql(
        """\
arrayFill(
    (limit, event, mask) -> bitTest(mask, 0) AND event < {end},
    arrayMap(event -> bitOr(event, {low}) + {beyond}, events),
    events, matched)""",
        end=value("UInt64", funnel.begins_within << bits),
        low=value("UInt64", (1 << bits) - 1),
        beyond=value("UInt64", (_window(funnel) << bits) + 1),
    )


def _level(level: int, funnel: Funnel) -> Columns:
    """One more step: where it is served in time, and what the steps before it come to.

    An event that serves several steps serves one of them: the limit is that of the event before it.
    """
    step, is_last = funnel.required[level], level == len(funnel.required) - 1
    limits = f"limits_{level - 1}"
    before = f"arrayPopBack(arrayPushFront({limits}, 0))" if funnel.overlaps else limits
    reached = sql(f"arrayFill((limit, mask) -> bitTest(mask, {step}), {before}, matched)")
    end = sql(
        f"""\
arrayFirst(
    (event, mask, limit) -> bitTest(mask, {step}) AND event < limit,
    events, matched, {before})"""
    )
    return {
        **({} if is_last else {f"limits_{level}": reached}),
        f"end_{level}": end,
        f"last_{level}": _last(level - 1),
        f"more_{level}": _more(level - 1),
    }


def _greatest(level: int) -> Columns:
    """The event that ends the greatest depth, 0 for one step; and the steps after the first."""
    return {"last": _last(level), "more": _more(level)}


def _last(level: int) -> Fragment:
    # A deeper attempt ends later. An `if` would have the engine look at each row by itself.
    return sql(f"greatest(last_{level}, end_{level})")


def _more(level: int) -> Fragment:
    return sql(f"toUInt8(more_{level} + (end_{level} != 0))")


def _chain(funnel: Funnel) -> Iterator[Columns]:
    """Each step is the next event that serves it; the last one is known already."""
    required = funnel.required
    for level in range(1, len(required)):
        step, before = required[level], required[level - 1]
        is_last = level == len(required) - 1
        yield {f"chain_{step}": sql(f"end_{level}") if is_last else _next(step, before)}
    optional = [at for at, step in enumerate(funnel.steps) if step.optional]
    yield {f"next_{at}": _next(at, funnel.required_before(at)) for at in optional}
    yield {
        f"chain_{at}": sql(f"if(next_{at} = 0, {{never}}, next_{at})", never=value("UInt64", NEVER))
        for at in optional
    }


def _next(step: int, before: int) -> Fragment:
    return sql(
        f"arrayFirst((event, mask) -> bitTest(mask, {step}) AND event > chain_{before}, events, matched)"
    )


def _marks(funnel: Funnel) -> Columns:
    """What served as marks, as marks; of sort keys the time alone."""
    mark = "chain_{}"
    if _is_plain(funnel):
        mark = f"bitShiftLeft(bitShiftRight(chain_{{}}, {packing(funnel).code_bits}), {POSITION_BITS})"
    return {f"mark_{at}": sql(mark.format(at)) for at, _ in enumerate(funnel.steps)}
