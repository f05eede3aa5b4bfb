"""What a statement says of its answer, in its first line.

    -- answers: equal
    -- answers: within 2 %: uniq estimates
    -- answers: differ: one event counts for both of the equal steps

A way that computes something else is compared with nothing, so what is said is checked before the clock
starts.
"""

import re
from dataclasses import dataclass

# Sums of doubles in another order.
_EQUAL = 1e-9

_LINE = re.compile(r"-- answers: (?:(equal)|within ([\d.]+) %: (.+)|differ: (.+))\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """How far an answer may be from the service's, and why.

    Args:
        most: the largest difference (see `answers.difference`); None if it answers another question.
        reason: why it is not equal; "" if it is.
    """

    most: float | None
    reason: str = ""

    @property
    def shown(self) -> str:
        """What a table says of it."""
        if self.most is None:
            return "differs"
        return f"within {self.most * 100:g} %" if self.reason else "equal"

    def check(self, difference: float, *, name: str) -> None:
        """Raise ValueError for an answer that is further away than it says."""
        if self.most is not None and difference > self.most:
            raise ValueError(f"{name} is {difference:.3%} away from the service's answer, not {self.shown}")


def promise(statement: str) -> Promise:
    """Read a statement's promise.

    Raises:
        ValueError: it makes none.
    """
    found = _LINE.match(statement)
    if found is None:
        raise ValueError("a statement begins with what it promises: -- answers: equal | within … | differ: …")
    equal, share, estimated, other = found.groups()
    if equal:
        return Promise(most=_EQUAL)
    return Promise(most=float(share) / 100, reason=estimated) if share else Promise(most=None, reason=other)
