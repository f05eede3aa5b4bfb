"""New events by every protocol, as they are stored."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from eventglass.catalog.project import Access
from eventglass.identity.register import Register
from events.v1.event_pb2 import Event
from events.v1.list_pb2 import ListOrder, ListRequest
from events.v1.stream_pb2 import StreamRequest
from insights.v1.filter_pb2 import Filter, FilterExpression, FilterGroup, Operator
from tests.identity.saying import erase
from tests.live.served import STREAMS, EndedError, Served, Tenant, Watch, events_of, named
from tests.patience import PATIENCE

WITH_DEADLINES = STREAMS.keys() - {"event-source"}
streams = pytest.mark.parametrize("watch", STREAMS.values(), ids=STREAMS.keys())


@streams
async def test_events_arrive_once_and_in_order(tenant: Tenant, watch: Watch) -> None:
    await tenant.send(*named("before"))
    async with watch(tenant, StreamRequest(), None) as messages:
        started = await anext(messages)
        await tenant.send(Event(name="a", event_id="1"), Event(name="b"), Event(name="a", event_id="1"))
        await tenant.send(Event(name="a", event_id="1"))
        await tenant.send(*named("c"))

        events = await events_of(messages, 3)

    assert [event.name for event in events] == ["a", "b", "c"]
    assert not started.events
    arrivals = [started.watermark, *(event.received_at for event in events)]
    times = [arrival.ToDatetime(UTC) for arrival in arrivals]
    assert times[0] < times[1] == times[2] < times[3]


@streams
async def test_an_event_comes_back_whole(tenant: Tenant, watch: Watch) -> None:
    event = Event(name="näme", event_id="e", user_id="u", anonymous_id="a", session_id="s")
    event.timestamp.FromDatetime(datetime(1999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC))
    event.properties.update(
        {"text": "\0😀", "number": 0.1, "yes": True, "list": [1, None, {"a": "b"}], "$geo": {"country": "DE"}}
    )
    event.properties.update({"dotted.key": 1, "q" * 300: "long", "none": None, "empty": ""})
    event.context.update({"library": {"name": "test", "version": 3}})
    async with watch(tenant, StreamRequest(), None) as messages:
        await anext(messages)
        await tenant.send(event)

        (stored,) = await events_of(messages, 1)

    assert (stored.event_id, stored.name, stored.person_id) == ("e", "näme", "u")
    assert (stored.user_id, stored.anonymous_id, stored.session_id) == ("u", "a", "s")
    assert stored.timestamp == event.timestamp
    del event.properties["none"], event.properties["empty"]
    assert stored.properties == event.properties
    assert stored.context == event.context


async def test_only_what_is_asked_for_arrives(served: Served, tenant: Tenant) -> None:
    other = served.tenant()
    where = FilterExpression(any_of=FilterGroup())
    for plan in ("pro", "team"):
        condition = Filter(property="plan", operator=Operator.OPERATOR_EQUALS)
        condition.value.string_value = plan
        where.any_of.expressions.add(filter=condition)
    dear = Filter(property="price", operator=Operator.OPERATOR_GREATER_THAN)
    dear.value.number_value = 10
    request = StreamRequest(names=["buy", "rent"], filters=[dear], where=where)

    async with STREAMS["grpc"](tenant, request, None) as messages:
        await anext(messages)
        sent = []
        for name in ("buy", "rent", "look"):
            for plan in ("pro", "free"):
                for price in (5, 15):
                    event = Event(name=name, event_id=f"{name} {plan} {price}")
                    event.properties.update({"plan": plan, "price": price})
                    sent.append(event)
        await other.send(*sent)
        await tenant.send(*sent)

        events = await events_of(messages, 2)

    assert [event.event_id for event in events] == ["buy pro 15", "rent pro 15"]


@streams
async def test_events_of_erased_persons_that_no_answer_has_are_not_sent(
    tenant: Tenant, watch: Watch, register: Register
) -> None:
    await tenant.send(Event(name="first", user_id="ann"))
    now = datetime.now(UTC)
    await erase(register, tenant.project, "ann", now=now)
    await asyncio.sleep(0.01)
    late = Event(name="late", user_id="ann")
    late.timestamp.FromDatetime(now - timedelta(seconds=1))
    async with watch(tenant, StreamRequest(), None) as messages:
        await anext(messages)
        await tenant.send(late, Event(name="of another", user_id="bob"), Event(name="again", user_id="ann"))

        events = await events_of(messages, 2)

    listed = await tenant.list(ListRequest(order=ListOrder.LIST_ORDER_OLDEST_FIRST))
    assert {event.name for event in events} == {"of another", "again"}
    assert {event.name for event in listed.events} == {"of another", "again"}


@streams
async def test_a_wrong_request_is_told_all_at_once(tenant: Tenant, watch: Watch) -> None:
    request = StreamRequest(names=["", "a"], timezone="Europe/Berlim")
    request.filters.add(property="plan", operator=Operator.OPERATOR_GREATER_THAN)

    with pytest.raises(EndedError) as ended:
        async with watch(tenant, request, None) as messages:
            await anext(messages)

    assert ended.value.outcome.code == "INVALID_ARGUMENT"
    assert ended.value.outcome.violations == [
        ("names[0]", "EMPTY"),
        ("filters[0].value", "INVALID_VALUE"),
        ("timezone", "UNKNOWN_TIMEZONE"),
    ]


@pytest.mark.parametrize("protocol", sorted(WITH_DEADLINES))
async def test_a_deadline_ends_a_stream(tenant: Tenant, protocol: str) -> None:
    async with asyncio.timeout(PATIENCE), STREAMS[protocol](tenant, StreamRequest(), 3.0) as messages:
        await anext(messages)
        with pytest.raises(EndedError) as ended:
            await anext(messages)

    assert ended.value.outcome.code == "DEADLINE_EXCEEDED"


@streams
async def test_a_revoked_key_ends_a_stream(served: Served, tenant: Tenant, watch: Watch) -> None:
    watcher = served.tenant(frozenset({Access.STREAM}), project=tenant.project)
    async with watch(watcher, StreamRequest(), None) as messages:
        await anext(messages)

        served.catalog.revoke_key(watcher.key_id)

        with pytest.raises(EndedError) as ended:
            async with asyncio.timeout(PATIENCE):
                await anext(messages)
    assert ended.value.outcome.info.reason == "CREDENTIAL_UNKNOWN"


@pytest.mark.parametrize(
    ("access", "may"), [(Access.READ, True), (Access.STREAM, True), (Access.WRITE, False)]
)
async def test_who_may_watch(served: Served, access: Access, may: bool) -> None:
    tenant = served.tenant(frozenset({access}))
    try:
        async with STREAMS["connect"](tenant, StreamRequest(), None) as messages:
            await anext(messages)
            outcome = "OK"
    except EndedError as ended:
        outcome = ended.outcome.info.reason

    assert outcome == ("OK" if may else "ACCESS_MISSING")


@streams
async def test_the_streams_of_a_project_are_counted(tenant: Tenant, watch: Watch) -> None:
    # The server of these tests allows three.
    async with (
        watch(tenant, StreamRequest(), None) as one,
        watch(tenant, StreamRequest(), None) as two,
        watch(tenant, StreamRequest(), None) as three,
    ):
        for each in (one, two, three):
            await anext(each)
        with pytest.raises(EndedError) as ended:
            async with watch(tenant, StreamRequest(), None) as four:
                await anext(four)

    assert ended.value.outcome.code == "RESOURCE_EXHAUSTED"
    assert ended.value.outcome.info.reason == "TOO_MANY_STREAMS"
    assert ended.value.outcome.detail("RetryInfo") is not None
    await _until_there_is_room(tenant, watch)


async def _until_there_is_room(tenant: Tenant, watch: Watch) -> None:
    """Who hangs up is forgotten."""
    for _ in range(40):
        try:
            async with watch(tenant, StreamRequest(), None) as messages:
                await anext(messages)
                return
        except EndedError:
            await asyncio.sleep(0.05)
    raise AssertionError("streams that were left still count")
