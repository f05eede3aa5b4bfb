"""One subscriber's queue: bounded by events and bytes, alone and together with others."""

from eventglass.live.subject import Subject
from eventglass.live.subscription import MOST_BYTES, MOST_BYTES_AT_ONCE, Room, Subscription
from tests.live.broadcasting import EVERYTHING, all_of
from tests.live.subjects import row


async def test_large_events_fill_a_queue_sooner() -> None:
    subscription = Subscription(project_id="p", selection=EVERYTHING, since_ms=0)
    large = row("1", properties='{"p":"' + "x" * (MOST_BYTES // 2) + '"}')

    for _ in range(3):
        subscription.offer(Subject(large, 1))

    events, missed, _ = await all_of(subscription)
    assert (events, missed) == ([1, -2], 2)


async def test_a_message_of_large_events_ends_early() -> None:
    subscription = Subscription(project_id="p", selection=EVERYTHING, since_ms=0)
    large = '{"p":"' + "x" * (MOST_BYTES_AT_ONCE // 3) + '"}'
    for number in range(5):
        subscription.offer(Subject(row(str(number), properties=large), 1))

    taken = [await subscription.take(1) for _ in range(3)]

    assert [[event.event_id for event in each.events] for each in taken if each] == [
        ["0", "1"],
        ["2", "3"],
        ["4"],
    ]


async def test_all_queues_together_are_bounded() -> None:
    room = Room(free=10_000)
    one, other = (Subscription(project_id="p", selection=EVERYTHING, since_ms=0, room=room) for _ in range(2))
    for number in range(20):
        one.offer(Subject(row(str(number)), 1))
    free = room.free

    for number in range(2):
        other.offer(Subject(row(str(number)), 1))

    assert 0 <= free < 1_000
    assert await all_of(other) == ([0, -1], 1, [0, 0])
    one.forget()
    assert room.free == 10_000


async def test_an_event_larger_than_a_queue_is_delivered() -> None:
    subscription = Subscription(project_id="p", selection=EVERYTHING, since_ms=0)
    subscription.offer(Subject(row("1", properties='{"p":"' + "x" * 2 * MOST_BYTES + '"}'), 1))

    assert await all_of(subscription) == ([1], 0, [0])
