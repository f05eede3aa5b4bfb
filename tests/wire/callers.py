"""The same question by every protocol, through the generated clients, and what came back."""

import base64
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import grpc
from connectrpc.compat import google_protobuf_binary_codec, google_protobuf_json_codec
from connectrpc.errors import ConnectError
from connectrpc.protocol import ProtocolType
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2

from eventglass.transport.ports import Ports
from insights.v1.query_service_connect import InsightsServiceClient
from insights.v1.query_service_pb2 import QueryRequest, QueryResponse
from insights.v1.query_service_pb2_grpc import InsightsServiceStub
from tests.wire.fakes import BOTH, PROJECT

HEADERS = {"authorization": f"Bearer {BOTH}", "x-project-id": PROJECT}
QUERY = "/insights.v1.InsightsService/Query"
BATCH_CREATE = "/events.v1.EventsService/BatchCreate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An answer, or an error by its google.rpc code name and details."""

    code: str
    message: str = ""
    details: tuple[Message, ...] = ()
    response: QueryResponse | None = None

    def detail(self, name: str) -> Message | None:
        return next((found for found in self.details if found.DESCRIPTOR.name == name), None)

    @property
    def info(self) -> error_details_pb2.ErrorInfo:
        found = self.detail("ErrorInfo")
        assert isinstance(found, error_details_pb2.ErrorInfo)
        return found

    @property
    def violations(self) -> list[tuple[str, str]]:
        """Field and reason of each violation."""
        found = self.detail("BadRequest")
        if not isinstance(found, error_details_pb2.BadRequest):
            return []
        return [(violation.field, violation.reason) for violation in found.field_violations]


Ask = Callable[[Ports, QueryRequest, Mapping[str, str], float | None], Coroutine[Any, Any, Outcome]]

_DETAILS = (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest, error_details_pb2.RetryInfo)


def unpacked(type_name: str, value: bytes) -> Message:
    kind: type[Message] = next(known for known in _DETAILS if known.DESCRIPTOR.full_name == type_name)
    return kind.FromString(value)


def unpacked_json(error: Mapping[str, Any]) -> tuple[Message, ...]:
    """The details of an error as Connect writes it in JSON."""
    return tuple(unpacked(each["type"], base64.b64decode(f"{each['value']}===")) for each in error["details"])


async def ask_grpc(
    ports: Ports, request: QueryRequest, headers: Mapping[str, str], seconds: float | None = None
) -> Outcome:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{ports.grpc}") as channel:
        try:
            query = InsightsServiceStub(channel).Query  # type: ignore[no-untyped-call]
            response = await query(request, metadata=tuple(headers.items()), timeout=seconds)
        except grpc.aio.AioRpcError as error:
            return grpc_outcome(error)
    return Outcome(code="OK", response=response)


def grpc_outcome(error: grpc.aio.AioRpcError) -> Outcome:
    trailers: dict[str, Any] = dict(error.trailing_metadata() or ())  # type: ignore[arg-type]
    status = status_pb2.Status.FromString(trailers.get("grpc-status-details-bin", b""))
    if status.code:
        assert (status.code, status.message) == (error.code().value[0], error.details())
    details = [unpacked(any_.type_url.partition("/")[2], any_.value) for any_ in status.details]
    return Outcome(code=error.code().name, message=error.details() or "", details=tuple(details))


def _ask_connect(protocol: ProtocolType, *, json: bool = False, get: bool = False) -> Ask:
    codec = google_protobuf_json_codec() if json else google_protobuf_binary_codec()

    async def ask(
        ports: Ports, request: QueryRequest, headers: Mapping[str, str], seconds: float | None = None
    ) -> Outcome:
        milliseconds = None if seconds is None else round(seconds * 1_000)
        address = f"http://127.0.0.1:{ports.http}"
        async with InsightsServiceClient(address, protocol=protocol, codec=codec) as client:
            try:
                response = await client.query(request, headers=headers, timeout_ms=milliseconds, use_get=get)
            except ConnectError as error:
                details = [unpacked(detail.type_name, detail.message_bytes) for detail in error.details]
                name = "CANCELLED" if error.code.name == "CANCELED" else error.code.name
                return Outcome(code=name, message=error.message, details=tuple(details))
        return Outcome(code="OK", response=response)

    return ask


PROTOCOLS: Mapping[str, Ask] = {
    "grpc": ask_grpc,
    "grpc-web": _ask_connect(ProtocolType.GRPC_WEB),
    "connect": _ask_connect(ProtocolType.CONNECT),
    "connect-json": _ask_connect(ProtocolType.CONNECT, json=True),
    "connect-get": _ask_connect(ProtocolType.CONNECT, get=True),
}


def named(name: str) -> QueryRequest:
    """A request that makes the fake pipeline do what its event's name says."""
    request = QueryRequest()
    request.query.events.add(name=name)
    return request


def code_name(number: int) -> str:
    name: str = code_pb2.Code.Name(number)
    return name
