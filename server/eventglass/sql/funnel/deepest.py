"""3. The attempt that counts, found without looking at every other.

For steps in order, where no rule asks about an attempt by itself: no trend, no exclusion, no window
between required steps. One walk forward finds the greatest depth: every event carries the latest start
that leads to it through all steps before, as its limit, the first number too late for it. With a window
of 10, steps a and b, and events of the times 0, 6, 12 and 14:

    events               a0   b6   a12  b14
    limits, from here on 11   11   23   23
    ends with b               b6        b14    before the limit: both end an attempt of two steps

The first event that ends the greatest depth, here b6, also ends the first attempt that gets so far:
with that event any earlier start gets as far, unless it is too early for the event. So the attempt begins
at the first start that is near enough to it, and each step is the first event that serves it and to
which a start leads that is near enough.
"""

from eventglass.planning.funnel import Funnel, Order
from eventglass.sql.fragment import Fragment, listed, sql, value
from eventglass.sql.funnel.chosen import of_chosen, waits
from eventglass.sql.funnel.packing import NEVER, matches
from eventglass.sql.funnel.sequences import beside, keys, sequences, simple_sequences
from eventglass.sql.funnel.stand_ins import StandIn, stand_in
from eventglass.sql.funnel.told import PICKED, attributed, is_told, keeps_lists
from eventglass.sql.funnel.touches import reads_touches
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
    """Select what the answer needs of a unit; see counted.py."""
    events = stand_in(funnel)
    kept = _kept(funnel, events)
    rows = _rows(funnel, events)
    passed = [*kept, *events.arrays]
    levels = len(funnel.required)
    for level in range(levels - 1):
        before = [f"limits_{each}" for each in range(level)]
        limits = {f"limits_{level}": _limits(level, funnel, events)}
        rows = selected(rows, [*passed, *before], limits, grouped=level == 0 and events.is_plain)
    passed += [f"limits_{each}" for each in range(levels - 1)]
    rows = selected(rows, passed, {"deepest": _deepest(funnel, events)})
    rows = selected(rows, passed, _end(events))
    if events.is_plain:
        reached = _chain(funnel, events)
        times = [events.time_of(each) for each in reached]
        if not is_told(funnel):
            touch = {"picked": sql("touch")} if reads_touches(funnel) else {}
            return selected(rows, ["cut"], {"waits": waits(times, funnel), **touch})
        rows = selected(
            rows, kept, {"waits": waits(times, funnel), "attributed": attributed(funnel, reached)}
        )
        return selected(rows, ["cut", "waits"], {"picked": PICKED})
    chain = {f"mark_{at}": each for at, each in zip(funnel.required, _chain(funnel, events), strict=True)}
    scored = {"depth": sql("depth"), "best": sql("depth * 2 + (depth != 0)")}
    optional = events.arrays if funnel.has_optional else []
    rows = selected(rows, [*kept, *optional], {**scored, **chain})
    return staged(rows, [_optional(funnel), *of_chosen(funnel)])


def _kept(funnel: Funnel, events: StandIn) -> list[str]:
    """What is known of a unit besides its events; of 30 stages for 30 steps each names what it passes on."""
    if events.is_plain:
        return ["cut", *beside(funnel)]
    return [
        "cut",
        *(keys(funnel) if funnel.held else []),
        *(["sort_keys"] if funnel.held or is_told(funnel) else []),
        *(["reads"] if keeps_lists(funnel) else []),
        *beside(funnel),
    ]


def _rows(funnel: Funnel, events: StandIn) -> Fragment:
    """Put an unreal event before all others, so that there is always one to fill from."""
    if events.is_plain:
        return simple_sequences(funnel, before=events.unreal)
    first = {
        "events": sql("arrayPushFront(marks, {unreal})", unreal=events.unreal),
        "masks": sql("arrayPushFront(masks, 0)"),
    }
    return selected(sequences(funnel), _kept(funnel, events), first)


def _limits(level: int, funnel: Funnel, events: StandIn) -> Fragment:
    """Give every event the limit of the latest start that leads through the steps to a level, or its own.

    Where an event may serve the next step, too, it serves one of them: it has what the event before it has.
    """
    required = funnel.required
    if level == 0:
        filled = _latest("events", events.begins, events, made=events.limit(_LATEST))
    else:
        serves = sql(events.serves(required[level]))
        filled = _latest(f"limits_{level - 1}", serves, events, made=sql(_LATEST))
    if not funnel.may_share(required[level], required[level + 1]):
        return filled
    return sql("arrayShiftRight({filled}, 1, toUInt64(0))", filled=filled)


# What `_latest` finds.
_LATEST = "toUInt64(each - behind)"


def _latest(numbers: str, serves: Fragment, events: StandIn, *, made: Fragment) -> Fragment:
    """Make something, for every event, of the number of the latest one that serves; numbers only grow.

    How far it is behind is a sum that every one that serves sets back to 0: less than an arrayFill costs.
    """
    return sql(
        f"""\
arrayMap(
    (each, behind) -> {{made}},
    {numbers},
    arrayCumSumNonNegative(
        ({{names}}, further) -> if({{serves}}, {{back}}, further),
        {{arrays}}, arrayDifference({numbers})))""",
        made=made,
        names=sql(", ".join(events.each)),
        serves=serves,
        back=value("Int64", -(2**63)),
        arrays=sql(", ".join(events.arrays)),
    )


def _deepest(funnel: Funnel, events: StandIn) -> Fragment:
    """The greatest depth, and below it the first event that ends it, as the largest number.

    Of one step only the depth is asked. 0 where no attempt begins.
    """
    required = funnel.required
    levels = range(len(required) - 1)
    ends = [
        sql(
            f"{events.serves(required[level + 1])} AND event < limit_{level},\nbitXor(event, {{code}})",
            code=events.code(level + 2),
        )
        for level in reversed(levels)
    ]
    return sql(
        """\
arrayMax(
    ({names}) -> multiIf(
        {ends},
        0),
    {arrays})""",
        names=sql(", ".join([*events.each, *(f"limit_{level}" for level in levels)])),
        ends=listed([*ends, sql("{begins},\n{code}", begins=events.begins, code=events.code(1))]),
        arrays=sql(", ".join([*events.arrays, *(f"limits_{level}" for level in levels)])),
    )


def _end(events: StandIn) -> Columns:
    every_bit = events.code(0)
    return {
        "depth": sql(f"toUInt8(bitShiftRight(deepest, {events.event_bits}))"),
        "last": sql("toUInt64(bitXor(bitAnd(deepest, {every}), {every}))", every=every_bit),
    }


def _chain(funnel: Funnel, events: StandIn) -> list[Fragment]:
    """The event of each required step, where it is reached; the last one is known already.

    A start is near enough to the event that ends the attempt if its limit is later.
    """
    required = funnel.required
    if len(required) == 1 or funnel.may_share(required[0], required[1]):
        begins = sql("{begins} AND {limit} > last", begins=events.begins, limit=events.limit("event"))
        chain = [_first(begins, events)]
    else:
        chain = [events.start(sql("arrayFirst(limit -> limit > last, limits_0)"))]
    for level in range(1, len(required) - 1):
        served = sql(f"{events.serves(required[level])} AND limit > last")
        chain.append(_first(served, events, limits=f"limits_{level - 1}"))
    return [*chain, sql("last")][: len(required)]


def _first(condition: Fragment, events: StandIn, *, limits: str | None = None) -> Fragment:
    return sql(
        "arrayFirst(({names}) -> {condition}, {arrays})",
        names=sql(", ".join([*events.each, *(["limit"] if limits else [])])),
        condition=condition,
        arrays=sql(", ".join([*events.arrays, *([limits] if limits else [])])),
    )


def _optional(funnel: Funnel) -> Columns:
    """The first event after the required step before that matches an optional step; NEVER for none."""
    optional = [at for at, step in enumerate(funnel.steps) if step.optional]
    return {
        f"mark_{at}": sql(
            f"""\
arrayMin(
    (event, mask) -> if({{serves}} AND event > mark_{funnel.required_before(at)}, event, {{never}}),
    events, masks)""",
            serves=sql(matches("mask", at)),
            never=value("UInt64", NEVER),
        )
        for at in optional
    }
