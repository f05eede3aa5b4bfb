"""Server-sent events as browsers read them, and a stream of them as the other protocols' messages."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass

import httpx
from google.protobuf import json_format
from google.rpc import code_pb2

from eventglass.transport.ports import Ports
from events.v1.stream_pb2 import StreamRequest, StreamResponse
from tests.wire.callers import Outcome, unpacked_json


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSent:
    """A block of lines.

    Args:
        event: its type.
        data: or "", which browsers show nobody.
        id: None where it has none.
    """

    event: str
    data: str
    id: str | None


async def blocks(lines: AsyncIterator[str]) -> AsyncGenerator[ServerSent]:
    """Read blocks, those of comments alone, too."""
    fields: dict[str, str] = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
            continue
        yield ServerSent(
            event=fields.get("event", "message"), data=fields.get("data", ""), id=fields.get("id")
        )
        fields = {}


def url_of(ports: Ports, headers: Mapping[str, str], request: StreamRequest) -> httpx.URL:
    """Spell a request as an EventSource's URL."""
    plain = json_format.MessageToDict(request)
    parameters = [
        ("key", headers["authorization"].removeprefix("Bearer ")),
        ("project", headers["x-project-id"]),
        *(("names", name) for name in plain.pop("names", [])),
        *((name, value if isinstance(value, str) else json.dumps(value)) for name, value in plain.items()),
    ]
    return httpx.URL(f"http://127.0.0.1:{ports.http}/stream", params=parameters)


async def messages(url: httpx.URL) -> AsyncGenerator[StreamResponse | Outcome]:
    """Read a stream, block by block; an error is the last."""
    async with httpx.AsyncClient(timeout=None) as client, client.stream("GET", url) as answer:
        if answer.status_code != 200:
            yield _outcome(json.loads(await answer.aread()))
            return
        async for block in blocks(answer.aiter_lines()):
            if block.event == "end":
                yield _outcome(json.loads(block.data))
                return
            yield _message(block)


def _message(block: ServerSent) -> StreamResponse:
    message: dict[str, object] = {"watermark": block.id} if block.id is not None else {}
    if block.data:
        content = json.loads(block.data)
        message |= {"gap": content} if block.event == "gap" else {"events": [content]}
    return json_format.ParseDict(message, StreamResponse())


def _outcome(error: dict[str, object]) -> Outcome:
    code = str(error["code"]).upper()
    assert code in dict(code_pb2.Code.items())
    return Outcome(code=code, message=str(error["message"]), details=unpacked_json(error))
