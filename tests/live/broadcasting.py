"""A broadcast, and what its subscribers take."""

import asyncio

from eventglass.live.broadcast import Broadcast
from eventglass.live.subscription import MOST_AT_ONCE, Selection, Subscription

EVERYTHING = Selection(names=frozenset(), matches=None)


def broadcast_of(*, watermark: int = 0, most: int = 100) -> Broadcast:
    return Broadcast(lambda _: watermark, most_of_project=most)


async def all_of(subscription: Subscription) -> tuple[list[int], int, list[int]]:
    """Take what there is: the events' numbers, how many were missed, and the watermarks."""
    events: list[int] = []
    missed, watermarks = 0, []
    while delivery := await subscription.take(0.05):
        assert len(delivery.events) <= MOST_AT_ONCE
        if delivery.gap:
            missed += delivery.gap.missed
            events.append(-delivery.gap.missed)
        events += [int(event.event_id) for event in delivery.events]
        watermarks.append(delivery.watermark_ms)
    return events, missed, watermarks


async def settled(broadcast: Broadcast) -> None:
    """Return when all that was published has been looked at."""
    while broadcast._matching is not None and not broadcast._matching.done():
        await asyncio.wait([broadcast._matching])
