"""The examples by grpcio, with the generated stubs."""

import grpc
import pytest
from google.protobuf import json_format

from insights.v1.query_service_pb2 import QueryRequest
from insights.v1.query_service_pb2_grpc import InsightsServiceStub
from tests.clients.examples import EXPECTED, points_of
from tests.wire.servers import Demo


@pytest.mark.parametrize("example", EXPECTED, ids=["active users", "revenue"])
async def test_an_example(demo: Demo, example: str) -> None:
    request = json_format.Parse(example, QueryRequest())

    async with grpc.aio.insecure_channel(f"127.0.0.1:{demo.ports.grpc}") as channel:
        query = InsightsServiceStub(channel).Query  # type: ignore[no-untyped-call]
        response = await query(request, metadata=tuple(demo.headers.items()), timeout=10)

    assert points_of(json_format.MessageToDict(response)) == EXPECTED[example]
