"""When an event happened, by the clock of the server: senders' clocks are wrong, and none is ahead of now."""

from typing import NamedTuple


class Clock(NamedTuple):
    """What the times of a batch are read by.

    Args:
        now_ms: when it arrived, in milliseconds since 1970.
        skew_ms: how far the sender's clock is behind; added to the times that it gave.
    """

    now_ms: int
    skew_ms: int = 0


class Moment(NamedTuple):
    """When an event happened.

    Args:
        time_ms: in milliseconds since 1970.
        correction_ms: the time less the one that the sender gave; 0 where it gave none.
        is_clamped: whether the event would else be later than its arrival.
    """

    time_ms: int
    correction_ms: int
    is_clamped: bool = False


def moment_of(sent_ms: int | None, clock: Clock) -> Moment:
    """Correct the time that a sender gave; None: it gave none, so the event happened as it arrived."""
    if sent_ms is None:
        return Moment(time_ms=clock.now_ms, correction_ms=0)
    time_ms = sent_ms + clock.skew_ms
    if time_ms <= clock.now_ms:
        return Moment(time_ms=time_ms, correction_ms=clock.skew_ms)
    return Moment(time_ms=clock.now_ms, correction_ms=clock.now_ms - sent_ms, is_clamped=True)
