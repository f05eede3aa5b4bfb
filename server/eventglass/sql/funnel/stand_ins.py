"""What stands for events where only the deepest attempt is looked for (deepest.py).

Sort keys, or marks with their masks beside them: one number for each event, in the order of events, with
the time above its lower bits. A *limit* is the first number too late for a start.
"""

from dataclasses import dataclass

from eventglass.planning.funnel import Funnel
from eventglass.sql.fragment import Fragment, sql, value
from eventglass.sql.funnel.events import has_late_starts, is_simple
from eventglass.sql.funnel.packing import POSITION_BITS, matches, packing
from eventglass.sql.funnel.told import keeps_lists


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """What stands for events: sort keys, or marks with their masks beside them.

    Args:
        is_plain: sort keys do the work of marks.
        bits: below the time.
        event_bits: of an event.
        beyond: from a start to its limit.
        end: the first event too late to begin an attempt; None where such events are left out.
        type: of an event with a depth above it.
    """

    is_plain: bool
    bits: int
    event_bits: int
    beyond: int
    end: int | None
    type: str

    @property
    def arrays(self) -> list[str]:
        """The columns with an element per event."""
        return ["events"] if self.is_plain else ["events", "masks"]

    @property
    def each(self) -> list[str]:
        """What a lambda calls their elements."""
        return ["event"] if self.is_plain else ["event", "mask"]

    def serves(self, step: int) -> str:
        """Tell whether an event matches a step."""
        return matches(self.each[-1], step)

    @property
    def begins(self) -> Fragment:
        """Tell whether an event can begin an attempt."""
        if self.end is None:
            return sql(self.serves(0))
        return sql(f"{self.serves(0)} AND event < {{end}}", end=value("UInt64", self.end))

    def limit(self, start: str) -> Fragment:
        """The first event too late for a start."""
        return sql(f"{start} + {{beyond}}", beyond=self._beyond)

    def start(self, limit: Fragment) -> Fragment:
        """The start that a limit is of."""
        return sql("{limit} - {beyond}", limit=limit, beyond=self._beyond)

    @property
    def _beyond(self) -> Fragment:
        return value("UInt64", self.beyond)

    @property
    def unreal(self) -> Fragment:
        """What serves no step, and has a limit of 2**64, which is 0."""
        return value("UInt64", 2**64 - self.beyond)

    def code(self, depth: int) -> Fragment:
        """What makes, by bitXor, a larger number of an event the deeper it ends and the earlier it is."""
        return value(self.type, (depth << self.event_bits) + (1 << self.event_bits) - 1)

    def time_of(self, event: Fragment) -> Fragment:
        """Read the milliseconds since the range's start, Int64."""
        return sql(f"toInt64(bitShiftRight({{event}}, {self.bits}))", event=event)


def stand_in(funnel: Funnel) -> StandIn:
    """Choose what stands for the events of a funnel."""
    packed = packing(funnel)
    # A limit is a window later than an event, and differences of limits are signed.
    fits = packed.span_bits + 2 + packed.code_bits <= 64
    # Marks tell two of equal sort keys apart, and lead to what is read of an event.
    is_plain = is_simple(funnel) and fits and not (keeps_lists(funnel) or funnel.has_optional)
    bits = packed.code_bits if is_plain else POSITION_BITS
    event_bits = packed.span_bits + bits
    # No longer than what is looked at, so that limits fit where events do.
    window = min(funnel.window, max(0, funnel.last - funnel.start))
    # Of sort keys of one time the start's, which has the lowest rank, need not be the smallest.
    spare = 2**packed.step_bits if is_plain and packed.rank_bits else 0
    return StandIn(
        is_plain=is_plain,
        bits=bits,
        event_bits=event_bits,
        beyond=((window + 1) << bits) - spare,
        end=funnel.begins_within << bits if has_late_starts(funnel) else None,
        type="UInt64" if event_bits + len(funnel.required).bit_length() <= 64 else "UInt128",
    )
