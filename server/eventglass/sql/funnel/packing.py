"""Numbers that carry an event's place in a unit's order.

A *sort key* is (time, lowest step matched, steps matched): time in milliseconds since the range's
start, steps as a mask with step 1 as its lowest bit; where an event matches one step, the mask is in the
order of the lowest step by itself. With optional steps it is (time, lowest required step matched, required
steps matched, steps matched), so that what may be left out moves no event of the others. A *mark* is (time,
position in the order) of an event; marks compare as their events do. Both are one unsigned integer, so that
arrays of them are sorted and filled at the speed of numbers.
"""

from dataclasses import dataclass

from eventglass.planning.funnel import Funnel, Order

# Matching events of one unit that are looked at (semantics 11.19); a position fits in its bits.
MOST_EVENTS = 100_000
POSITION_BITS = 17
# Of a mark, its position.
POSITION = 2**POSITION_BITS - 1

# Later than any event: the mark of a step that is not reached.
NEVER = 2**64 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """How many bits of a sort key are what.

    Args:
        span_bits: the time.
        rank_bits: the lowest step; 0 where the mask says it.
        required_bits: the mask of required steps alone; 0 where that of all steps has the same order.
        step_bits: the mask.
        type: of the whole key.
    """

    span_bits: int
    rank_bits: int
    required_bits: int
    step_bits: int
    type: str

    @property
    def code_bits(self) -> int:
        """The bits below the time."""
        return self.step_bits + self.required_bits + self.rank_bits


def packing(funnel: Funnel) -> Packing:
    """Fit a funnel's sort keys into 64 bits where they fit, else into 128."""
    steps = len(funnel.steps)
    # With STRICT there are events that match no step, and they stand last.
    rank_bits = steps.bit_length() if funnel.overlaps or funnel.order is Order.STRICT else 0
    required_bits = steps if rank_bits and funnel.has_optional else 0
    span_bits = max(1, funnel.last - funnel.start + 1).bit_length()
    return Packing(
        span_bits=span_bits,
        rank_bits=rank_bits,
        required_bits=required_bits,
        step_bits=steps,
        type="UInt64" if span_bits + steps + required_bits + rank_bits <= 64 else "UInt128",
    )


def matches(mask: str, step: int) -> str:
    """Tell whether a mask, or a sort key, has a step, from 0.

    The engine runs this over many numbers at once, and calls bitTest for each: a funnel took a tenth longer.
    """
    return f"bitAnd({mask}, {2**step}) != 0"


def time_of(mark: str) -> str:
    """Read the time of a mark: milliseconds since the range's start, Int64."""
    return f"toInt64(bitShiftRight({mark}, {POSITION_BITS}))"
