"""Contenders that are run in turns, and what each took.

Times of different runs are those of different minutes of a machine, so only what ran in turns is
compared: by medians, and by how far apart the middle half of its times is.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Contender = Callable[[], object]

# What takes longer than this is far behind, however often it runs.
_SLOW_SECONDS, _ROUNDS_OF_SLOW = 4.0, 3


@dataclass(slots=True, kw_only=True)
class Times:
    """What one contender took, in seconds, run by run.

    Args:
        wall: by the clock on the wall.
        cpu: of processors, all threads of this process together.
    """

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median by the clock on the wall."""
        return statistics.median(self.wall)

    @property
    def median_cpu(self) -> float:
        """The median processor time."""
        return statistics.median(self.cpu)

    @property
    def spread(self) -> float:
        """Between the quartiles, as a share of the median; 0 for fewer than two runs."""
        if len(self.wall) < 2:
            return 0.0
        lower, _, upper = statistics.quantiles(self.wall, n=4, method="inclusive")
        return (upper - lower) / self.median


def in_turns(contenders: Mapping[str, Contender], *, rounds: int) -> dict[str, Times]:
    """Run everything in turns, once to warm up and then so many rounds, each begun by another one.

    What takes long to warm up is in the first rounds alone.
    """
    found = {name: Times() for name in contenders}
    rounds_of = {
        name: rounds if _seconds(run)[0] < _SLOW_SECONDS else min(rounds, _ROUNDS_OF_SLOW)
        for name, run in contenders.items()
    }
    for number in range(rounds):
        names = [name for name in contenders if number < rounds_of[name]]
        first = number % len(names)
        for name in names[first:] + names[:first]:
            wall, cpu = _seconds(contenders[name])
            found[name].wall.append(wall)
            found[name].cpu.append(cpu)
    return found


def _seconds(run: Contender) -> tuple[float, float]:
    """Time a run: by the clock on the wall, and of processors."""
    cpu, began = time.process_time(), time.perf_counter()
    run()
    return time.perf_counter() - began, time.process_time() - cpu
