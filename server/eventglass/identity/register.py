"""The one place where persons change: calls that arrive while others are stored are stored together.

Calls of a project take effect one after the other, in the order in which they came. Nothing of a
person is kept in memory between calls, so that what is on disk is what counts.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from eventglass.background import begin
from eventglass.engine.engine import Engine
from eventglass.engine.failures import not_stored
from eventglass.engine.outcomes import check_not_stalled, settle, told_to_callers
from eventglass.errors import EventglassError, LimitError
from eventglass.identity import tables
from eventglass.identity.changes import changes_of, changes_of_erasure
from eventglass.identity.told import Aliased, Erased, Identified, Told
from eventglass.planning.people import NOBODY_IDENTIFIED, People

MOST_WAITING = 10_000
_MOST_TOGETHER = 1_000
_RETRY_AFTER = timedelta(seconds=1)


@dataclass(slots=True, kw_only=True)
class _Waiting:
    told: Told
    done: "asyncio.Future[str]"


async def open_register(engine: Engine, *, is_shared: bool = False) -> "Register":
    """Make the one register of an engine; or of a server's, where another one may have been.

    Raises:
        UnavailableError: the engine is away.
    """
    return Register(engine, await tables.all_people(engine), is_shared=is_shared)


class Register:
    """Takes in what is said of persons. Make it with `open_register`, one per engine.

    Args:
        engine: where it is stored.
        people: what is stored of each project.
        is_shared: others may have stored more since.
    """

    def __init__(self, engine: Engine, people: Mapping[str, People], *, is_shared: bool = False) -> None:
        self._engine = engine
        self._is_shared = is_shared
        self._people = dict(people)
        self._last = max((each.version for each in people.values()), default=0)
        self._waiting: list[_Waiting] = []
        self._is_in_doubt = False
        self._storing: asyncio.Task[None] | None = None
        self._since = 0.0

    def people(self, project_id: str) -> People:
        """Say how far a question that is asked now looks."""
        return self._people.get(project_id, NOBODY_IDENTIFIED)

    async def tell(self, told: Told) -> str:
        """Store one call; when it returns it is on disk and in every answer.

        Returns:
            What the person is called.

        Raises:
            LimitError: too many calls are waiting; nothing was stored.
            UnavailableError: the engine is away or could not store it; to send it again is safe.
        """
        check_not_stalled(self._storing, self._since, what="persons")
        if len(self._waiting) >= MOST_WAITING:
            raise LimitError(
                "too many calls are waiting to be stored; send it again",
                reason="QUEUE_FULL",
                retry_after=_RETRY_AFTER,
            )
        waiting = _Waiting(told=told, done=asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._store_soon()
        return await waiting.done

    async def close(self) -> None:
        """Finish what was taken in."""
        while self._storing is not None:
            await asyncio.wait([self._storing])

    def _store_soon(self) -> None:
        # A task of its own: a caller that leaves does not take what others said with it.
        if self._storing is None and self._waiting:
            self._since = time.monotonic()
            self._storing = begin(self._store_next(), "store persons")
            self._storing.add_done_callback(self._after_storing)

    def _after_storing(self, _: "asyncio.Task[None]") -> None:
        self._storing = None
        self._store_soon()

    async def _store_next(self) -> None:
        group, self._waiting = self._waiting[:_MOST_TOGETHER], self._waiting[_MOST_TOGETHER:]
        by_project: dict[str, list[_Waiting]] = defaultdict(list)
        for waiting in group:
            by_project[waiting.told.project_id].append(waiting)
        try:
            for project_id, calls in by_project.items():
                outcome = await self._outcome(project_id, [each.told for each in calls])
                settle([each.done for each in calls], outcome)
        finally:
            # After something unforeseen nobody is left to wait for ever.
            settle([waiting.done for waiting in group], not_stored())

    async def _outcome(self, project_id: str, calls: Sequence[Told]) -> list[str] | EventglassError:
        """Store calls of one project in their order, and say what each one's person is called."""
        try:
            if self._is_in_doubt:
                # What comes to light after it was looked up would contradict what is made of that.
                await self._engine.settle_inserts()
                self._is_in_doubt = False
            if self._is_shared:
                # By a clock that may be ahead. What is said now is to count after that.
                self._last = max(self._last, await tables.newest_version(self._engine, project_id))
            return [name for run in _runs(calls) for name in await self._store_run(project_id, run)]
        except EventglassError as error:
            self._is_in_doubt = True
            return told_to_callers(error)

    async def _store_run(self, project_id: str, run: "_Run") -> Sequence[str]:
        self._since = time.monotonic()
        if isinstance(run, Erased):
            changes = await changes_of_erasure(self._engine, run)
        else:
            changes = await changes_of(self._engine, project_id, run, self._next_version)
        if not changes.links and not changes.traits and not changes.erased:
            return changes.called  # kept answers stay right
        last = run if isinstance(run, Erased) else run[-1]
        version = self._next_version(last.now_ms)
        try:
            if isinstance(run, Erased):
                await tables.insert_erasures(self._engine, run, changes.erased, version)
            await tables.insert_traits(self._engine, project_id, changes.traits)
            await tables.insert_links(self._engine, project_id, changes.links, version)
        finally:
            # Whatever became of it: what is there is no news when it is said again, and must be seen then.
            before = self.people(project_id)
            with_events = isinstance(run, Erased) and run.with_events
            self._people[project_id] = People(
                version=version,
                merged=before.merged or any(link.person != link.own for link in changes.links),
                erased=before.erased or bool(changes.erased),
                # One that failed is in no edition of counts (ingest/event_hours.py): then events are read.
                erasures=before.erasures + (len(changes.erased) if with_events else 0),
            )
        return changes.called

    def _next_version(self, now_ms: int) -> int:
        self._last = max(self._last + 1, now_ms)
        return self._last


_Run = Erased | list[Identified | Aliased]


def _runs(group: Iterable[Told]) -> list[_Run]:
    """Put calls together that can be looked up at once: what was said before an erasure is erased."""
    runs: list[_Run] = []
    for told in group:
        if isinstance(told, Erased):
            runs.append(told)
        elif runs and isinstance(runs[-1], list):
            runs[-1].append(told)
        else:
            runs.append([told])
    return runs
