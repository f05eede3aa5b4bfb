"""Ways to ask a server, each waiting for the answer and reading it whole."""

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus

import grpc
import orjson
from google.protobuf.json_format import MessageToJson

from benchmarks.reference.served import PROJECT, Served
from insights.v1.query_service_pb2 import QueryRequest, QueryResponse

_METHOD = "/insights.v1.InsightsService/Query"
_SECONDS = 120.0


class Callers:
    """Connections to a server, kept open. For one thread.

    Args:
        channel: to its gRPC port.
        http_port: its other one.
        secret: of a key of PROJECT.
    """

    def __init__(self, channel: grpc.Channel, *, http_port: int, secret: str) -> None:
        self._grant = {"authorization": f"Bearer {secret}", "x-project-id": PROJECT.id}
        self._connection = http.client.HTTPConnection("127.0.0.1", http_port, timeout=_SECONDS)
        self._channel, self._secret = channel, secret

    def grpc(self, request: QueryRequest) -> Callable[[], QueryResponse]:
        """Ask over gRPC."""
        return over_grpc(self._channel, self._secret, request)

    def connect(self, request: QueryRequest) -> Callable[[], QueryResponse]:
        """Ask over Connect, in protobuf."""
        data = request.SerializeToString()
        return lambda: QueryResponse.FromString(self._posted(data, "application/proto"))

    def json(self, request: QueryRequest) -> Callable[[], object]:
        """Ask over Connect, in JSON."""
        data = MessageToJson(request).encode()
        return lambda: orjson.loads(self._posted(data, "application/json"))

    def close(self) -> None:
        """Let go of the HTTP port."""
        self._connection.close()

    def _posted(self, data: bytes, content_type: str) -> bytes:
        headers = self._grant | {"content-type": content_type}
        try:
            self._connection.request("POST", _METHOD, body=data, headers=headers)
            reply = self._connection.getresponse()
        except ConnectionError:  # the server closes what was idle for long
            self._connection.close()
            self._connection.request("POST", _METHOD, body=data, headers=headers)
            reply = self._connection.getresponse()
        body = reply.read()
        if reply.status != HTTPStatus.OK:
            raise RuntimeError(f"the server answered {reply.status}: {body[:500]!r}")
        return body


def over_grpc(channel: grpc.Channel, secret: str, request: QueryRequest) -> Callable[[], QueryResponse]:
    """Ask over gRPC with a key of PROJECT."""
    call = channel.unary_unary(_METHOD, None, QueryResponse.FromString)
    data = request.SerializeToString()
    metadata = (("authorization", f"Bearer {secret}"), ("x-project-id", PROJECT.id))
    return lambda: call(data, metadata=metadata, timeout=_SECONDS)


@contextmanager
def callers(server: Served) -> Iterator[Callers]:
    """Connect to a server within the block."""
    with grpc.insecure_channel(f"127.0.0.1:{server.ports.grpc}") as channel:
        opened = Callers(channel, http_port=server.ports.http, secret=server.secret)
        yield opened
        opened.close()
