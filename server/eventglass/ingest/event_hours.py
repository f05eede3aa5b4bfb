"""Gather how many events of each name there are in which hour, each event once, whatever happens.

Rows count by a mark alone. It names an edition, the calls of it whose rows count, and until when all that
arrived is in these, once. Each call is one statement, with a number of its own, and is there before its mark.
So what was cut off is in no mark, and whatever mark is told is true, also when two are at once, or the engine
takes one in late.

Erasures take events away. An edition leaves out the events of who was erased when it began; when somebody
else is, all of history is gathered anew, as the next one. Until then a project with new erasures has nothing
gathered that is true. Erasures are only ever added, so their number tells whether some are new.
"""

import math
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from eventglass.engine.engine import Limits
from eventglass.engine.layout import FIRST_TIME
from eventglass.engine.pool import Pool
from eventglass.planning.counted import Counted
from eventglass.sql.statement import Statement

# Each call adds rows, to hours of which others have rows already.
_EVERY_SECONDS = 1_800.0
# Or when so many events came, which every question would look through.
_MOST_EVENTS = 1_000_000
# The rows of so many calls are put together by a new edition.
_MOST_CALLS = 256
# Of what a statement may take: beyond it, groups wait on disk.
_MEMORY_SHARE = 1 / 4

_AT = "toUnixTimestamp64Milli(time)"
# The begin of an event's hour (UTC): toStartOfHour ends at 1970 and 2106.
HOUR = f"fromUnixTimestamp64Milli({_AT} - positiveModulo({_AT}, 3600000), 'UTC')"
_ARRIVED = """received_at >= fromUnixTimestamp64Milli({since:Int64})
    AND received_at < fromUnixTimestamp64Milli({until:Int64})"""

_GATHER = f"""INSERT INTO event_hours SELECT
    project_id, event, {HOUR}, {{{{edition:UInt64}}}}, {{{{call:UInt64}}}}, count()
FROM {{arrived}}
GROUP BY ALL
SETTINGS max_execution_time = 0, max_bytes_before_external_group_by = {{memory}}
"""

_ALL = f"events\nWHERE {_ARRIVED}"

# The rule of sql/erasures.py, for all projects at once. Nobody has the key 0.
_REMAINING = f"""(
    SELECT project_id, event, time, received_at, person
    FROM events
    WHERE {_ARRIVED}) AS arrived
ANY LEFT JOIN (
    SELECT project_id AS of_project, own, max(until) AS gone_until
    FROM erasures
    WHERE with_events
    GROUP BY of_project, own) AS gone ON of_project = project_id AND own = person
WHERE own = 0 OR least(time, received_at) > gone_until"""

_ARRIVALS = f"SELECT count() FROM events WHERE {_ARRIVED}"

_PARTS = "latest.1, toUnixTimestamp64Milli(latest.2), latest.3, mapKeys(latest.4), mapValues(latest.4)"
_LATEST = """(
    SELECT argMax((edition, until, calls, erasures), (edition, until)) AS latest
    FROM event_hours_until)"""
_MARK = f"SELECT {_PARTS}\nFROM {_LATEST}"
# And how many erasures with events a project has now.
_MARK_OF = f"""
SELECT {_PARTS}, (SELECT count() FROM erasures WHERE project_id = {{project:String}} AND with_events)
FROM {_LATEST}
"""

_ERASURES = "SELECT project_id, count() FROM erasures WHERE with_events GROUP BY project_id"

_OLDER = """
SELECT DISTINCT partition
FROM system.parts
WHERE active AND database = currentDatabase() AND table = {table:String}
    AND toUInt64OrZero(partition) < {edition:UInt64}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What counts of the table. Of several that of the greatest edition and arrival does.

    Args:
        edition: of the rows.
        until_ms: events that arrived before are in it, in milliseconds since 1970.
        calls: whose rows count.
        erasures: how many each project had, at least, when the edition began.
    """

    edition: int
    until_ms: int
    calls: tuple[int, ...]
    erasures: Mapping[str, int]


async def mark(engine: Pool) -> Mark:
    """Give the one that counts; raises EventglassError as the engine does."""
    found = await engine.look_up(Statement(text=_MARK, columns=5), Limits())
    return _mark(found.columns)


def _mark(columns: Sequence[Sequence[Any]]) -> Mark:
    """Read the one row of `_MARK`."""
    ((edition, until_ms, calls, projects, numbers),) = zip(*columns, strict=True)
    erasures = dict(zip(projects, numbers, strict=True))
    return Mark(edition=edition, until_ms=until_ms, calls=tuple(calls), erasures=erasures)


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
    is_anew = erasures != on.erasures or len(on.calls) >= _MOST_CALLS
    if until_ms <= on.until_ms and not is_anew:
        return None
    until_ms = max(until_ms, on.until_ms)
    edition = on.edition + is_anew
    call = secrets.randbits(64)
    parameters = {
        "since": FIRST_TIME if is_anew else on.until_ms,
        "until": until_ms,
        "edition": edition,
        "call": call,
    }
    text = _GATHER.format(arrived=_REMAINING if erasures else _ALL, memory=memory_of_groups(engine))
    await engine.alter(Statement(text=text, parameters=parameters))
    calls = (call,) if is_anew else (*on.calls, call)
    return Mark(edition=edition, until_ms=until_ms, calls=calls, erasures=erasures)


async def tell(engine: Pool, told: Mark) -> None:
    """Have a mark count; the rows of its calls must be there."""
    columns = {
        "edition": pa.array([told.edition], pa.uint64()),
        "until": pa.array([told.until_ms], pa.int64()).cast(pa.timestamp("ms", tz="UTC")),
        "calls": pa.array([told.calls], pa.list_(pa.uint64())),
        "erasures": pa.array([list(told.erasures.items())], pa.map_(pa.string(), pa.uint64())),
    }
    await engine.insert("event_hours_until", pa.table(columns))


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
        return _counted(self._mark, project_id, erasures)

    async def look_up(self, project_id: str) -> Counted | None:
        """Give what is true of a project, whichever server has gathered it."""
        statement = Statement(text=_MARK_OF, parameters={"project": project_id}, columns=6)
        found = await self._engine.query(statement, Limits())
        *told, erasures = found.columns
        return _counted(_mark(told), project_id, erasures[0])

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


def _counted(told: Mark, project_id: str, erasures: int) -> Counted | None:
    if not told.calls or told.erasures.get(project_id, 0) != erasures:
        return None
    return Counted(edition=told.edition, calls=told.calls, until=told.until_ms)


def memory_of_groups(engine: Pool) -> int:
    """Say how many bytes the groups of a statement that gathers may take."""
    return int(engine.max_memory_bytes * _MEMORY_SHARE)


async def _erasures(engine: Pool) -> dict[str, int]:
    found = await engine.look_up(Statement(text=_ERASURES, columns=2), Limits())
    return dict(zip(*found.columns, strict=True))


async def _arrivals(engine: Pool, since_ms: int, until_ms: int) -> int:
    arrived = {"since": since_ms, "until": until_ms}
    found = await engine.look_up(Statement(text=_ARRIVALS, parameters=arrived, columns=1), Limits())
    return int(found.columns[0][0])


async def _drop_older(engine: Pool, edition: int) -> None:
    """Drop the editions before one."""
    for table in ("event_hours_until", "event_hours"):
        older = {"table": table, "edition": edition}
        found = await engine.look_up(Statement(text=_OLDER, parameters=older, columns=1), Limits())
        for partition in found.columns[0]:
            await engine.alter(Statement(text=f"ALTER TABLE {table} DROP PARTITION {int(partition)}"))
