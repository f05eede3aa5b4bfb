"""New events to everybody who wants to see them, without being in anybody's way.

The writer hands over what it has committed and goes on. What is wanted by whom is found out in between,
in a share of the loop's time that is bounded; where that is not enough, events are counted as missed.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog

from eventglass.background import begin
from eventglass.errors import EventglassError, LimitError, UnavailableError
from eventglass.identity.erasures import remains
from eventglass.ingest.accept import Row
from eventglass.ingest.writer import Committed
from eventglass.live.subject import Subject
from eventglass.live.subscription import MOST_AT_ONCE, Delivery, Gap, Room, Selection, Subscription

_log = structlog.get_logger(__name__)

# Given a project and keys of ids, tells until when which of them were erased, in milliseconds since 1970.
Erasures = Callable[[str, Collection[int]], Awaitable[Mapping[int, int]]]

# Events that may wait to be looked at, and their bytes.
MOST_WAITING = 20_000
MOST_BYTES_WAITING = 64 * 2**20
# Events that wait or are lost together.
_TOGETHER = 1_000

# Who takes an event sooner takes it as it was looked at; what is on its way to a reader cannot be held back
# either.
_ASKED_AGAIN_SECONDS = 1.0

# The loop is held for so long at a time, and left to others four times as long.
_SLICE_SECONDS = 0.002
_REST = 4.0
_RETRY_AFTER = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lost:
    """Events of one commit for which there was no room."""

    project_id: str
    number: int
    received_ms: int


@dataclass(slots=True)
class _Pace:
    """Takes a bounded share of the loop's time, and lets subscribers take what there is in between.

    Only the processor's time counts: what others do meanwhile, in the loop or on the machine, must not
    make this wait longer.
    """

    _started: float = field(default_factory=time.thread_time)
    _spent: float = 0.0
    _steps: int = 0

    async def step(self) -> None:
        """Leave the loop to others, if it was held for long."""
        self._steps += 1
        spent = self._spent + time.thread_time() - self._started
        if spent > _SLICE_SECONDS:
            await asyncio.sleep(_REST * spent)
            self._spent = 0.0
        elif self._steps % MOST_AT_ONCE == 0:
            await asyncio.sleep(0)
            self._spent = spent
        else:
            return
        self._started = time.thread_time()


async def nobody_erased(_project_id: str, _owns: Collection[int]) -> Mapping[int, int]:
    """Tell of no erasures."""
    return {}


class Broadcast:
    """All subscriptions. Use it in one event loop.

    Args:
        watermark_ms: the newest arrival of a project that is in every answer, in milliseconds since 1970;
            0 without events.
        most_of_project: subscriptions that a project may have.
        erasures: whose events are in no answer, and so are not sent either.
    """

    def __init__(
        self,
        watermark_ms: Callable[[str], int],
        *,
        most_of_project: int,
        erasures: Erasures = nobody_erased,
    ) -> None:
        self._watermark_ms = watermark_ms
        self._erasures = erasures
        self._most_of_project = most_of_project
        self._subscriptions: dict[str, list[Subscription]] = {}
        self._backlog: deque[Committed | _Lost] = deque()
        self._waiting = 0
        self._bytes_waiting = 0
        self._matching: asyncio.Task[None] | None = None
        self._room = Room()
        self._ended: EventglassError | None = None

    def subscribe(self, project_id: str, selection: Selection) -> Subscription:
        """Begin to queue a project's new events; end it with `unsubscribe`.

        Raises:
            LimitError: the project has as many subscriptions as it may.
            UnavailableError: the server stops.
        """
        if self._ended is not None:
            raise self._ended
        others = self._subscriptions.setdefault(project_id, [])
        if len(others) >= self._most_of_project:
            message = f"the project has {len(others)} streams already; end one, or try again later"
            raise LimitError(message, reason="TOO_MANY_STREAMS", retry_after=_RETRY_AFTER)
        made = Subscription(
            project_id=project_id,
            selection=selection,
            since_ms=self._watermark_ms(project_id),
            room=self._room,
        )
        others.append(made)
        return made

    def unsubscribe(self, subscription: Subscription) -> None:
        """Forget a subscription."""
        subscription.forget()
        others = self._subscriptions[subscription.project_id]
        # By identity: subscriptions are equal when what they hold is.
        others[:] = [each for each in others if each is not subscription]
        if not others:
            del self._subscriptions[subscription.project_id]

    async def remaining(self, project_id: str, taken: Delivery) -> Delivery:
        """Leave out the events of who was erased while they waited to be taken.

        Where nobody can say who was, all of them are missed.
        """
        if not taken.subjects or taken.subjects[0].waited < _ASKED_AGAIN_SECONDS:
            return taken
        try:
            until_ms = await self._erasures(project_id, {each.row.person for each in taken.subjects})
        except EventglassError as error:
            _log.warning("erasures could not be read", reason=error.reason)
            return replace(taken, gap=_with_all(taken), subjects=())
        return replace(
            taken,
            subjects=tuple(each for each in taken.subjects if remains(each.row, each.received_ms, until_ms)),
        )

    def publish(self, committed: Committed) -> None:
        """Take in what the writer has committed; returns at once."""
        if committed.project_id not in self._subscriptions:
            return
        for first in range(0, len(committed.rows), _TOGETHER):
            self._take_in(replace(committed, rows=committed.rows[first : first + _TOGETHER]))
        self._match_soon()

    def _take_in(self, part: Committed) -> None:
        number, size = len(part.rows), sum(row.size for row in part.rows)
        if self._waiting + number > MOST_WAITING or self._bytes_waiting + size > MOST_BYTES_WAITING:
            self._backlog.append(
                _Lost(project_id=part.project_id, number=number, received_ms=part.received_ms)
            )
        else:
            self._backlog.append(part)
            self._waiting += number
            self._bytes_waiting += size

    def _match_soon(self, _: object = None) -> None:
        if self._backlog and (self._matching is None or self._matching.done()):
            self._matching = begin(self._match(), "match new events")
            # After a failure there may be more; what it failed on is not.
            self._matching.add_done_callback(self._match_soon)

    def end(self) -> None:
        """End all subscriptions, once they have taken what is queued, because the server stops."""
        self._ended = UnavailableError(
            "the server is stopping; call again", reason="STOPPING", retry_after=timedelta(seconds=1)
        )
        for subscriptions in self._subscriptions.values():
            for each in subscriptions:
                each.end(self._ended)

    async def _match(self) -> None:
        pace = _Pace()
        while self._backlog:
            first = self._backlog.popleft()
            await self._offer(first, pace)
            if not (self._backlog and _arrived_together(self._backlog[0], first)):
                for each in self._of(first.project_id):
                    each.looked_at(first.received_ms)

    async def _offer(self, arrived: Committed | _Lost, pace: _Pace) -> None:
        if isinstance(arrived, _Lost):
            self._lose(arrived.project_id, arrived.number, arrived.received_ms)
            await pace.step()
            return
        left = deque(arrived.rows)
        try:
            until_ms = await self._erasures(arrived.project_id, {row.person for row in left})
            while left:
                if remains(left[0], arrived.received_ms, until_ms):
                    subject = Subject(left[0], arrived.received_ms)
                    for each in self._of(arrived.project_id):
                        each.offer(subject)
                self._let_go(left.popleft())
                await pace.step()
        except EventglassError as error:
            # Who may be erased is not sent; the log has the others.
            _log.warning("erasures could not be read", reason=error.reason)
        finally:
            # Only that, or something unforeseen, leaves any.
            if left:
                self._lose(arrived.project_id, len(left), arrived.received_ms)
            for row in left:
                self._let_go(row)

    def _lose(self, project_id: str, number: int, received_ms: int) -> None:
        for each in self._of(project_id):
            each.lose(number, received_ms)

    def _let_go(self, row: Row) -> None:
        self._waiting -= 1
        self._bytes_waiting -= row.size

    def _of(self, project_id: str) -> list[Subscription]:
        return self._subscriptions.get(project_id, [])


def _with_all(taken: Delivery) -> Gap:
    """Make the gap of a delivery whose events are missed, too."""
    before = taken.gap
    return Gap(
        missed=len(taken.subjects) + (before.missed if before else 0),
        at_most=before is not None and before.at_most,
        since_ms=before.since_ms if before else taken.subjects[0].received_ms,
    )


def _arrived_together(one: Committed | _Lost, other: Committed | _Lost) -> bool:
    return (one.project_id, one.received_ms) == (other.project_id, other.received_ms)
