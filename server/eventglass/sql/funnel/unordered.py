"""3. Steps in any order, where one event can match several.

An event serves the lowest open step it matches. So step 1 takes the first event that matches it, step 2
the first that matches it and does not serve step 1, and so on: a lower step is always served first.
"""

from collections.abc import Iterator

from eventglass.planning.funnel import Funnel
from eventglass.sql.fragment import joined, sql, value
from eventglass.sql.funnel.packing import NEVER, matches
from eventglass.sql.stages import Columns


def unordered(funnel: Funnel) -> Iterator[Columns]:
    """Make `depth` and `chain_0` … of an attempt; see attempts.py."""
    steps = range(len(funnel.steps))
    for step in steps:
        taken = ", ".join(f"taken_{lower}" for lower in range(step))
        free = f" AND NOT has([{taken}], mark)" if taken else ""
        yield {
            f"taken_{step}": sql(
                f"arrayFirst((mark, mask) -> {matches('mask', step)}{free}, later, later_masks)"
            )
        }
    never = value("UInt64", NEVER)
    yield {
        f"chain_{step}": sql(f"if(taken_{step} = 0, {{never}}, taken_{step})", never=never) for step in steps
    }
    done = [sql(f"(taken_{step} != 0)") for step in steps]
    yield {"depth": sql("toUInt8({taken})", taken=joined(" + ", done))}
