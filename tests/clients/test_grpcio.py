"""The examples by grpcio, with the generated stubs."""

import grpc
import pytest
from google.protobuf import json_format

from events.v1.event_pb2 import Event
from events.v1.events_service_pb2 import BatchCreateRequest
from events.v1.events_service_pb2_grpc import EventsServiceStub
from events.v1.list_pb2 import ListRequest
from events.v1.snapshot_pb2 import SnapshotRequest
from events.v1.stored_event_pb2 import StoredEvent
from events.v1.stream_pb2 import StreamRequest
from insights.v1.query_service_pb2 import QueryRequest
from insights.v1.query_service_pb2_grpc import InsightsServiceStub
from tests.clients.examples import EXPECTED, points_of
from tests.patience import PATIENCE
from tests.wire.servers import Demo


@pytest.mark.parametrize("example", EXPECTED, ids=["active users", "revenue"])
async def test_an_example(demo: Demo, example: str) -> None:
    request = json_format.Parse(example, QueryRequest())

    async with grpc.aio.insecure_channel(f"127.0.0.1:{demo.ports.grpc}") as channel:
        query = InsightsServiceStub(channel).Query  # type: ignore[no-untyped-call]
        response = await query(request, metadata=tuple(demo.headers.items()), timeout=PATIENCE)

    assert points_of(json_format.MessageToDict(response)) == EXPECTED[example]


async def test_watching_listing_and_counting(demo: Demo) -> None:
    metadata, names = tuple(demo.headers.items()), ["watched by grpcio"]
    people = ["ada", "bob", "ada"]
    batch = BatchCreateRequest(events=[Event(name=names[0], user_id=user) for user in people])
    async with grpc.aio.insecure_channel(f"127.0.0.1:{demo.ports.grpc}") as channel:
        service = EventsServiceStub(channel)  # type: ignore[no-untyped-call]
        messages = aiter(service.Stream(StreamRequest(names=names), metadata=metadata, timeout=PATIENCE))
        await anext(messages)
        await service.BatchCreate(batch, metadata=metadata)
        watched: list[StoredEvent] = []
        # A message has what there was to send.
        while len(watched) < len(people):
            watched.extend((await anext(messages)).events)
        request = ListRequest(names=names, page_size=2)
        first = await service.List(request, metadata=metadata)
        request.page_token = first.next_page_token
        second = await service.List(request, metadata=metadata)
        now = await service.Snapshot(SnapshotRequest(names=names), metadata=metadata)

    assert [event.person_id for event in watched] == people
    listed = {event.event_id for event in (*first.events, *second.events)}
    assert listed == {event.event_id for event in watched}
    assert (now.events, now.active_users, now.top_events[0].value) == (3, 2, names[0])
