"""The examples by `buf curl`: gRPC with reflection, and gRPC-Web and Connect with the schema."""

import json

import pytest

from tests.clients.examples import EXPECTED, points_of
from tests.clients.programs import header_options, output, run
from tests.wire.callers import QUERY
from tests.wire.servers import Demo

_WAYS = {
    "grpc with reflection": ("grpc", ["--http2-prior-knowledge"]),
    "grpc-web": ("http", ["--schema", "proto"]),
    "connect": ("http", ["--schema", "proto"]),
}
_PROTOCOL = {"grpc with reflection": "grpc", "grpc-web": "grpcweb", "connect": "connect"}


def _arguments(demo: Demo, way: str, data: str) -> list[str]:
    port, more = _WAYS[way]
    url = f"http://127.0.0.1:{getattr(demo.ports, port)}{QUERY}"
    # Fields that are 0 are printed, as they are by the server itself.
    return [
        "curl",
        "--protocol",
        _PROTOCOL[way],
        *more,
        "--emit-defaults",
        *header_options(demo.headers),
        "-d",
        data,
        url,
    ]


@pytest.mark.parametrize("way", _WAYS)
@pytest.mark.parametrize("example", EXPECTED, ids=["active users", "revenue"])
async def test_an_example(demo: Demo, way: str, example: str) -> None:
    printed = await output("buf", *_arguments(demo, way, example))

    assert points_of(json.loads(printed)) == EXPECTED[example]


@pytest.mark.parametrize("way", _WAYS)
async def test_an_error_is_readable(demo: Demo, way: str) -> None:
    code, _, printed = await run("buf", *_arguments(demo, way, '{"query": {"formula": "A +"}}'))

    assert code != 0
    error = json.loads(printed)
    assert error["code"] == "invalid_argument"
    assert {detail["type"] for detail in error["details"]} == {
        "google.rpc.ErrorInfo",
        "google.rpc.BadRequest",
    }
