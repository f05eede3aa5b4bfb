"""Gather how many events of each name there are in which hour, each event once, whatever happens.

Of some promoted properties those with each value are counted apart, too (counted_properties.py), and of all
promoted ones their numbers are summed.

Rows count by a mark alone. It names an edition, the calls of it whose rows count, and until when all that
arrived is in these, once. Each call has a number of its own, and its rows are there before its mark.
So what was cut off is in no mark, and whatever mark is told is true, also when two are at once, or the engine
takes one in late.

Erasures take events away. An edition leaves out the events of who was erased when it began; when somebody
else is, all of history is gathered anew, as the next one. Until then a project with new erasures has nothing
gathered that is true. Erasures are only ever added, so their number tells whether some are new.
"""

import math
import secrets
from collections.abc import Mapping

from eventglass.engine.engine import Limits
from eventglass.engine.layout import FIRST_TIME
from eventglass.engine.pool import Pool
from eventglass.engine.promoted import promoted
from eventglass.ingest.counted_properties import with_few_values
from eventglass.ingest.counts_mark import Mark, counted_of, mark, tell
from eventglass.planning.counted import Counted
from eventglass.sql.gather_counts import Gathering, counting, counting_values
from eventglass.sql.statement import Statement

# Each call adds rows, to hours of which others have rows already.
_EVERY_SECONDS = 1_800.0
# Or when so many events came, which every question would look through.
_MOST_EVENTS = 1_000_000
# The rows of so many calls are put together by a new edition.
_MOST_CALLS = 256
# Of what a statement may take: beyond it, groups wait on disk.
_MEMORY_SHARE = 1 / 4

_ARRIVED = """received_at >= fromUnixTimestamp64Milli({since:Int64})
    AND received_at < fromUnixTimestamp64Milli({until:Int64})"""

_ARRIVALS = f"SELECT count() FROM events WHERE {_ARRIVED}"

_ERASURES = "SELECT project_id, count() FROM erasures WHERE with_events GROUP BY project_id"

_NEWEST_EDITION = """
SELECT max(toUInt64OrZero(partition))
FROM system.parts
WHERE active AND database = currentDatabase() AND table IN ('event_hours', 'property_hours')
"""

_OLDER = """
SELECT DISTINCT partition
FROM system.parts
WHERE active AND database = currentDatabase() AND table = {table:String}
    AND toUInt64OrZero(partition) < {edition:UInt64}
"""


async def gathered(engine: Pool, on: Mark, until_ms: int) -> Mark | None:
    """Gather what arrived between a mark and an instant, all of which must be there.

    Args:
        engine: where it is.
        on: the mark that counts.
        until_ms: the instant, in milliseconds since 1970.

    Returns:
        The mark to tell; None: there was nothing to gather.

    Raises:
        EventglassError: as the engine does; what is there then does not count.
    """
    erasures = await _erasures(engine)
    names = await promoted(engine)
    summed = tuple(sorted(names))
    is_other = summed != on.summed or names != set(on.properties)
    is_anew = is_other or erasures != on.erasures or len(on.calls) >= _MOST_CALLS
    if until_ms <= on.until_ms and not is_anew:
        return None
    until_ms = max(until_ms, on.until_ms)
    since_ms = FIRST_TIME if is_anew else on.until_ms
    edition = await _next_edition(engine, on) if is_anew else on.edition
    call = secrets.randbits(64)
    asked = names if is_anew else _counted(on.properties)
    few = await with_few_values(engine, asked, since_ms=since_ms, until_ms=until_ms)
    properties = few if is_anew else {**on.properties, **few}
    gathering = Gathering(
        edition=edition,
        call=call,
        since_ms=since_ms,
        until_ms=until_ms,
        summed=summed,
        is_any_erased=bool(erasures),
        memory_bytes=memory_of_groups(engine),
    )
    await engine.alter(counting(gathering))
    for name in _counted(properties):
        await engine.alter(counting_values(gathering, name))
    calls = (call,) if is_anew else (*on.calls, call)
    return Mark(
        edition=edition,
        until_ms=until_ms,
        calls=calls,
        erasures=erasures,
        properties=properties,
        summed=summed,
    )


def _counted(properties: Mapping[str, bool]) -> list[str]:
    return [name for name, is_counted in properties.items() if is_counted]


async def gather(engine: Pool, until_ms: int) -> Mark:
    """Gather what arrived before an instant, all of which must be there, and have it count.

    Returns:
        The mark that counts now.

    Raises:
        EventglassError: as the engine does; nothing is lost.
    """
    on = await mark(engine)
    told = await gathered(engine, on, until_ms)
    if told is None:
        return on
    await tell(engine, told)
    return told


async def leave_out_erased(engine: Pool) -> None:
    """Have no row left of who was erased, nor of their properties' values. Nobody may ask meanwhile.

    Raises:
        EventglassError: as the engine does; then some may be left.
    """
    counting = await gather(engine, (await mark(engine)).until_ms)
    await _drop_older(engine, counting.edition)


async def open_counts(engine: Pool) -> "Counts":
    """Find what is gathered of an engine; raises EventglassError as the engine does."""
    return Counts(engine, await mark(engine))


class Counts:
    """What is gathered, as far as this server knows. Make it with `open_counts`.

    Args:
        engine: where it is.
        told: the mark that counts.
    """

    def __init__(self, engine: Pool, told: Mark) -> None:
        self._engine = engine
        self._mark = told
        self._gathered_at: float | None = None
        self._edition_at = told.edition, math.inf

    def of(self, project_id: str, erasures: int) -> Counted | None:
        """Give what is true of a project with so many erasures, where no other server gathers."""
        return self._mark.counted(project_id, erasures)

    async def look_up(self, project_id: str) -> Counted | None:
        """Give what is true of a project, whichever server has gathered it."""
        return await counted_of(self._engine, project_id)

    async def step(self, until_ms: int, *, at: float) -> None:
        """Do what is due: gather, and drop an edition when the next has counted for a while.

        Questions that were told of it before are over then.

        Args:
            until_ms: what arrived before is there, in milliseconds since 1970.
            at: when it is, in seconds.

        Raises:
            EventglassError: as the engine does; nothing is lost.
        """
        self._mark = await mark(self._engine)
        if await self._is_due(until_ms, at):
            self._mark = await gather(self._engine, until_ms)
            self._gathered_at = at
        edition, since = self._edition_at
        if edition != self._mark.edition or since > at:
            self._edition_at = self._mark.edition, at
        elif at - since >= _EVERY_SECONDS:
            await _drop_older(self._engine, edition)
            self._edition_at = edition, at

    async def _is_due(self, until_ms: int, at: float) -> bool:
        if self._gathered_at is None or at - self._gathered_at >= _EVERY_SECONDS:
            return True
        return await _arrivals(self._engine, self._mark.until_ms, until_ms) >= _MOST_EVENTS


def memory_of_groups(engine: Pool) -> int:
    """Say how many bytes the groups of a statement that gathers may take."""
    return int(engine.max_memory_bytes * _MEMORY_SHARE)


async def _erasures(engine: Pool) -> dict[str, int]:
    found = await engine.look_up(Statement(text=_ERASURES, columns=2), Limits())
    return dict(zip(*found.columns, strict=True))


async def _next_edition(engine: Pool, on: Mark) -> int:
    """Number an edition, later than all that have rows: what was cut off is dropped as older ones are."""
    found = await engine.look_up(Statement(text=_NEWEST_EDITION, columns=1), Limits())
    return max(on.edition, int(found.columns[0][0])) + 1


async def _arrivals(engine: Pool, since_ms: int, until_ms: int) -> int:
    arrived = {"since": since_ms, "until": until_ms}
    found = await engine.look_up(Statement(text=_ARRIVALS, parameters=arrived, columns=1), Limits())
    return int(found.columns[0][0])


async def _drop_older(engine: Pool, edition: int) -> None:
    """Drop the editions before one."""
    for table in ("event_hours_until", "event_hours", "property_hours"):
        older = {"table": table, "edition": edition}
        found = await engine.look_up(Statement(text=_OLDER, parameters=older, columns=1), Limits())
        for partition in found.columns[0]:
            await engine.alter(Statement(text=f"ALTER TABLE {table} DROP PARTITION {int(partition)}"))
