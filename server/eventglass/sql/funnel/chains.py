"""3. For every event of a unit: the attempt that begins there, and how deep it gets.

All attempts of a unit at once, by filling arrays backwards: `arrayReverseFill` gives every event the
mark of the next one that meets a condition. With M, A, B marks and masks of four events, and steps
a and b, the next b after the next a is found so:

    masks            a    b    a    b
    reach b          2    2    4    4     the next b, from here on
    shifted          2    4    4    -     the next b, later than here
    reach a then b   2    4    4    -     filled back to the next a

An event never serves two steps: each step looks among later events only.
"""

from collections.abc import Iterator

from eventglass.planning.funnel import Funnel, Order
from eventglass.sql.fragment import Fragment, joined, sql, value
from eventglass.sql.funnel.packing import NEVER, POSITION_BITS, matches
from eventglass.sql.funnel.sequences import sequences
from eventglass.sql.stages import Columns, staged


def chains(funnel: Funnel) -> Fragment:
    """Select all of sequences.py, and arrays with one element per event and an unreal last one.

    Columns:
        begun: the mark of the event that begins the attempt.
        depths: how many required steps it reaches in its window; 0 where none can begin.
        chain_0 …: the mark of the event that would serve each step; NEVER for none. It counts only
            if it is in the window.
    """
    return staged(sequences(funnel), [_ends(), *_CHAINS[funnel.order](funnel), {"depths": _depths(funnel)}])


def limit_of(mark: str, window: int) -> Fragment:
    """The first mark too late for an attempt that begins with a mark, and takes so many milliseconds."""
    return sql(
        f"bitShiftLeft(bitShiftRight({mark}, {POSITION_BITS}) + {{window}} + 1, {POSITION_BITS})",
        window=value("UInt64", window),
    )


def end_mark(funnel: Funnel) -> Fragment:
    """The first mark too late to begin an attempt."""
    return value("UInt64", funnel.begins_within << POSITION_BITS)


def _ends() -> Columns:
    """Close the arrays with an event that is never, and matches everything."""
    return {
        "begun": sql("arrayPushBack(marks, {never})", never=value("UInt64", NEVER)),
        "matched": sql("arrayPushBack(masks, {all})", all=value("UInt32", 2**32 - 1)),
    }


def _next(step: int, of: Fragment) -> Fragment:
    """Give every event what the next one that matches a step has, itself included."""
    return sql(f"arrayReverseFill((each, mask) -> {matches('mask', step)}, {{of}}, matched)", of=of)


def _later(of: Fragment) -> Fragment:
    """Give every event what the one after it has."""
    return sql("arrayPopFront(arrayPushBack({of}, {never}))", of=of, never=value("UInt64", NEVER))


def _ordered(funnel: Funnel) -> Iterator[Columns]:
    """Reach the last required step first, then back from each to the one before."""
    required = funnel.required
    after: dict[int, Fragment] = {}
    for level in range(len(required) - 1, -1, -1):
        step = required[level]
        following = {reached: _later(sql(f"reach_{level + 1}_{reached}")) for reached in after}
        following |= {
            optional: _later(_next(optional, sql("begun"))) for optional in _optional_after(funnel, step)
        }
        if level > 0:
            after = {step: sql("begun"), **following}
            yield {f"reach_{level}_{reached}": _next(step, of) for reached, of in after.items()}
    yield {"chain_0": sql("begun"), **{f"chain_{reached}": of for reached, of in following.items()}}


def _optional_after(funnel: Funnel, step: int) -> Iterator[int]:
    for at, each in enumerate(funnel.steps):
        if each.optional and funnel.required_before(at) == step:
            yield at


def _strict(funnel: Funnel) -> Iterator[Columns]:
    """Each step must be served by the very next event."""
    yield {"chain_0": sql("begun"), "marks_0": sql("begun"), "masks_0": sql("matched")}
    for step in range(1, len(funnel.steps)):
        yield {
            f"marks_{step}": _later(sql(f"marks_{step - 1}")),
            f"masks_{step}": sql(f"arrayPopFront(arrayPushBack(masks_{step - 1}, 0))"),
        }
        yield {
            f"chain_{step}": sql(
                f"""\
arrayMap(
    (before, mark, mask) -> if(before != {{never}} AND {matches("mask", step)}, mark, {{never}}),
    chain_{step - 1}, marks_{step}, masks_{step})""",
                never=value("UInt64", NEVER),
            )
        }


def _unordered(funnel: Funnel) -> Iterator[Columns]:
    """Each step takes its next event; no event matches two steps (else see unordered.py)."""
    yield {f"chain_{step}": _next(step, sql("begun")) for step in range(len(funnel.steps))}


_CHAINS = {Order.ORDERED: _ordered, Order.STRICT: _strict, Order.UNORDERED: _unordered}


def _depths(funnel: Funnel) -> Fragment:
    unordered = funnel.order is Order.UNORDERED
    steps = list(range(len(funnel.steps))) if unordered else funnel.required[1:]
    names = [f"chain_{step}" for step in steps]
    limit = limit_of("mark", funnel.window)
    reached = [sql(f"(step_{step} < {{limit}})", limit=limit) for step in steps]
    return sql(
        """\
arrayMap(
    ({arguments}) -> if({begins} AND mark < {end}, toUInt8({depth}), 0),
    {arrays})""",
        arguments=sql(", ".join(["mark", "mask", *(f"step_{step}" for step in steps)])),
        begins=sql("mask != 0" if unordered else matches("mask", 0)),
        end=end_mark(funnel),
        depth=joined(" + ", reached if unordered else [sql("1"), *reached]),
        arrays=sql(", ".join(["begun", "matched", *names])),
    )
