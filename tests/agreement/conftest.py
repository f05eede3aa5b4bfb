from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from eventglass.engine.pool import Pool
from eventglass.engine.promoted import promote
from eventglass.identity.register import Register
from eventglass.ingest import counted_properties, event_hours
from eventglass.ingest.writer import Writer
from tests.agreement.agreeing import check
from tests.agreement.asking import Asking, Tally
from tests.marks import forget
from tests.oracle import pools


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def asking(
    engine: Pool, writer: Writer, register: Register, request: pytest.FixtureRequest
) -> AsyncIterator[Asking]:
    await promote(engine, pools.PROPERTIES, drop_others=False)
    # What was counted for other kinds.
    await forget(engine)
    with pytest.MonkeyPatch.context() as patch:
        # The values of so many worlds are many.
        patch.setattr(counted_properties, "_MOST_VALUES", 10**9)
        kind = getattr(request.module, "KIND", None)
        if kind is None or not kind.counts_values:
            # To count and sum them takes longer than most comparisons.
            patch.setattr(event_hours, "promoted", _none_promoted)
        yield Asking(engine=engine, writer=writer, register=register, promoted=frozenset(pools.PROPERTIES))


async def _none_promoted(_: Pool) -> frozenset[str]:
    return frozenset()


@pytest.fixture(scope="module")
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """Count what this file's run compares; in the end it must have been as much as its KIND says."""
    counted = Tally()
    yield counted
    check(request.module.KIND, counted, request.path.stem.removeprefix("test_"))
