"""Bounded queues: everything is delivered or counted, in order, and nobody waits for anybody."""

import asyncio
import time
from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventglass.errors import LimitError, UnavailableError
from eventglass.ingest.writer import Committed
from eventglass.live import broadcast as broadcasting
from eventglass.live.broadcast import MOST_BYTES_WAITING, Broadcast
from eventglass.live.subject import Subject
from eventglass.live.subscription import MOST_AT_ONCE, MOST_EVENTS, Selection
from tests.live.broadcasting import EVERYTHING, all_of, broadcast_of, settled
from tests.live.subjects import committed, row
from tests.patience import PATIENCE


async def test_what_does_not_fit_is_a_gap_where_it_was() -> None:
    broadcast = broadcast_of()
    slow = broadcast.subscribe("p", EVERYTHING)
    broadcast.publish(committed(0, MOST_EVENTS + 7, received_ms=1))
    await settled(broadcast)
    first = await slow.take(1)
    broadcast.publish(committed(MOST_EVENTS + 7, 3, received_ms=2))
    await settled(broadcast)

    rest, missed, watermarks = await all_of(slow)

    assert first is not None
    assert first.watermark_ms == 0, "not all that arrived then was taken"
    assert rest == [*range(MOST_AT_ONCE, MOST_EVENTS), -7, *range(MOST_EVENTS + 7, MOST_EVENTS + 10)]
    assert missed == 7
    assert watermarks[-1] == 2
    assert watermarks == sorted(watermarks)


async def test_a_slow_subscriber_costs_others_nothing() -> None:
    broadcast = broadcast_of()
    quick, slow = broadcast.subscribe("p", EVERYTHING), broadcast.subscribe("p", EVERYTHING)
    taken: list[int] = []

    for commit in range(10):
        broadcast.publish(committed(commit * 1_000, 1_000, received_ms=commit + 1))
        while len(taken) < (commit + 1) * 1_000:
            delivery = await quick.take(30)
            assert delivery is not None
            assert delivery.gap is None
            taken += [int(event.event_id) for event in delivery.events]

    assert taken == list(range(10_000))
    await settled(broadcast)
    events, missed, _ = await all_of(slow)
    assert (events, missed) == ([*range(MOST_EVENTS), MOST_EVENTS - 10_000], 10_000 - MOST_EVENTS)


async def test_more_than_can_be_looked_at_is_a_gap_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcasting, "MOST_WAITING", 1_000)
    broadcast = broadcast_of()
    everything = broadcast.subscribe("p", EVERYTHING)
    some = broadcast.subscribe("p", Selection(names=frozenset({"y"}), matches=None))

    broadcast.publish(committed(0, 10, received_ms=1))
    broadcast.publish(committed(10, 1_000, received_ms=2))
    broadcast.publish(committed(10, 5, received_ms=3))
    await settled(broadcast)

    first, second = await everything.take(1), await everything.take(1)
    assert first is not None
    assert (len(first.events), first.watermark_ms) == (10, 1)
    assert second is not None
    assert second.gap is not None
    assert (second.gap.missed, second.gap.at_most, len(second.events)) == (1_000, False, 5)
    of_some = await some.take(1)
    assert of_some is not None
    assert of_some.gap is not None
    assert (of_some.gap.missed, of_some.gap.at_most) == (1_000, True)


async def test_what_waits_is_bounded_by_bytes_too() -> None:
    broadcast = broadcast_of()
    subscription = broadcast.subscribe("p", EVERYTHING)
    rows = [row(str(number), properties="x" * (MOST_BYTES_WAITING // 2)) for number in range(3)]

    broadcast.publish(Committed(project_id="p", rows=rows, received_ms=1))
    broadcast.publish(committed(3, 1, received_ms=2))
    await settled(broadcast)

    assert await all_of(subscription) == ([-3, 3], 3, [2])


async def test_what_cannot_be_looked_at_is_counted_and_the_rest_goes_on() -> None:
    def fails_once(subject: Subject) -> bool:
        if subject.row.event_id == "1":
            raise ZeroDivisionError
        return True

    broadcast = broadcast_of()
    subscription = broadcast.subscribe("p", Selection(names=frozenset(), matches=fails_once))
    for commit in range(3):
        broadcast.publish(committed(commit * 3, 3, received_ms=commit + 1))
    await settled(broadcast)

    events, missed, _ = await all_of(subscription)
    assert (events, missed) == ([0, -2, 3, 4, 5, 6, 7, 8], 2)
    assert (broadcast._waiting, broadcast._bytes_waiting) == (0, 0)


async def test_the_loop_is_left_to_others_while_much_is_matched() -> None:
    matched = 0

    def slowly(_: Subject) -> bool:
        nonlocal matched
        until = time.thread_time() + 0.0005
        while time.thread_time() < until:
            pass
        matched += 1
        return True

    broadcast = broadcast_of()
    broadcast.subscribe("p", Selection(names=frozenset(), matches=slowly))
    for commit in range(40):
        broadcast.publish(committed(0, 10, received_ms=commit + 1))

    seen = set()
    while matched < 400:
        await asyncio.sleep(0.001)
        seen.add(matched)

    assert len(seen) > 40, "400 events take 0.2 s, and so 100 slices"


async def test_only_what_arrives_later_and_only_of_the_project() -> None:
    broadcast = broadcast_of(watermark=5)
    subscription = broadcast.subscribe("p", EVERYTHING)

    broadcast.publish(committed(0, 1, received_ms=5))
    broadcast.publish(committed(1, 1, received_ms=6, project="q"))
    broadcast.publish(committed(2, 1, received_ms=7))
    await settled(broadcast)

    assert await all_of(subscription) == ([2], 0, [7])


async def test_events_that_arrived_together_share_a_watermark() -> None:
    broadcast = broadcast_of()
    subscription = broadcast.subscribe("p", EVERYTHING)
    broadcast.publish(committed(0, 150, received_ms=1))
    broadcast.publish(committed(150, 2, received_ms=1))
    await settled(broadcast)

    assert await all_of(subscription) == (list(range(152)), 0, [0, 1])


async def test_the_end_comes_after_what_is_queued() -> None:
    broadcast = broadcast_of()
    subscription = broadcast.subscribe("p", EVERYTHING)
    broadcast.publish(committed(0, 1, received_ms=1))
    await settled(broadcast)

    broadcast.end()

    assert await subscription.take(1) is not None
    with pytest.raises(UnavailableError, match="stopping"):
        await subscription.take(1)
    with pytest.raises(UnavailableError, match="stopping"):
        broadcast.subscribe("p", EVERYTHING)


async def test_a_project_has_so_many_subscriptions() -> None:
    broadcast = broadcast_of(most=2)
    first = broadcast.subscribe("p", EVERYTHING)
    broadcast.subscribe("p", EVERYTHING)

    with pytest.raises(LimitError) as refused:
        broadcast.subscribe("p", EVERYTHING)
    broadcast.subscribe("q", EVERYTHING)
    broadcast.unsubscribe(first)
    broadcast.subscribe("p", EVERYTHING)

    assert refused.value.reason == "TOO_MANY_STREAMS"


@settings(max_examples=60)
@given(steps=st.lists(st.one_of(st.integers(1, 4_000), st.none()), max_size=12))
async def test_every_event_is_delivered_or_counted(steps: list[int | None]) -> None:
    """Publish so many at a time, or take once; in the end nothing is lost without a word."""
    broadcast = broadcast_of()
    subscription = broadcast.subscribe("p", EVERYTHING)
    sent = missed = 0
    order: list[int] = []

    async def take(seconds: float) -> None:
        nonlocal missed
        if delivery := await subscription.take(seconds):
            order.extend(int(event.event_id) for event in delivery.events)
            missed += delivery.gap.missed if delivery.gap else 0

    for at, step in enumerate(steps):
        if step is None:
            await take(0.001)
        else:
            broadcast.publish(committed(sent, step, received_ms=at + 1))
            sent += step
    async with asyncio.timeout(PATIENCE):
        while len(order) + missed < sent:
            await take(1)

    assert len(order) + missed == sent
    assert order == sorted(set(order))


@given(
    times=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), max_size=30),
    received_ms=st.integers(1, 9),
    until_ms=st.dictionaries(st.integers(1, 2), st.integers(0, 9)),
)
async def test_what_is_erased_is_neither_sent_nor_missed(
    times: list[tuple[int, int]], received_ms: int, until_ms: dict[int, int]
) -> None:
    async def erasures(project_id: str, owns: Collection[int]) -> dict[int, int]:
        return {own: until for own, until in until_ms.items() if own in owns and project_id == "p"}

    broadcast = Broadcast(lambda _: 0, most_of_project=1, erasures=erasures)
    subscription = broadcast.subscribe("p", EVERYTHING)
    rows = [row(str(at), person=person, time_ms=time_ms) for at, (person, time_ms) in enumerate(times)]
    broadcast.publish(Committed(project_id="p", rows=rows, received_ms=received_ms))
    await settled(broadcast)

    events, missed, _ = await all_of(subscription)

    after = [time_ms > until_ms.get(person, -1) < received_ms for person, time_ms in times]
    assert events == [at for at, remains in enumerate(after) if remains]
    assert missed == 0
    assert broadcast._waiting == broadcast._bytes_waiting == 0


async def test_who_may_be_erased_is_missed_and_not_sent() -> None:
    is_away = True

    async def erasures(*_: object) -> dict[int, int]:
        if is_away:
            raise UnavailableError("the engine is away", reason="ENGINE_UNAVAILABLE")
        return {}

    broadcast = Broadcast(lambda _: 0, most_of_project=1, erasures=erasures)
    subscription = broadcast.subscribe("p", EVERYTHING)
    broadcast.publish(committed(0, 3, received_ms=1))
    await settled(broadcast)
    is_away = False
    broadcast.publish(committed(3, 1, received_ms=2))
    await settled(broadcast)

    assert await all_of(subscription) == ([-3, 3], 3, [2])
    assert broadcast._waiting == broadcast._bytes_waiting == 0
