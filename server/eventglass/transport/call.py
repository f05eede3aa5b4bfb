"""One call, whatever protocol it came by, and the methods that can be called."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from eventglass.catalog.project import Access, Grant, Project
from eventglass.errors import Violation
from eventglass.transport.access import ACCESS
from eventglass.transport.decoding import Encoding, decode
from eventglass.transport.findings import Request

# Bytes of a request that take long enough to read that other calls should not wait.
_LARGE = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is known of a call besides its request.

    Args:
        method: the path, such as `/insights.v1.InsightsService/Query`.
        headers: by lower-case name.
        peer: the caller's address.
        protocol: grpc, grpc-web or connect.
        deadline: when the caller's time is up, on the monotonic clock; None if never.
        request_id: names the call, here and to the caller.
    """

    method: str
    headers: Mapping[str, str]
    peer: str
    protocol: str
    deadline: float | None
    request_id: str

    @classmethod
    def received(
        cls,
        *,
        method: str,
        headers: Mapping[str, str],
        peer: str,
        protocol: str,
        remaining: float | None,
        request_id: str | None = None,
    ) -> "Call":
        """Describe a call that has just arrived, `remaining` seconds before its deadline."""
        return cls(
            method=method,
            headers=headers,
            peer=peer,
            protocol=protocol,
            deadline=None if remaining is None else time.monotonic() + remaining,
            request_id=request_id or uuid.uuid4().hex,
        )

    def remaining(self) -> float | None:
        """Return the seconds until the deadline; negative when it is over, None without one."""
        return None if self.deadline is None else self.deadline - time.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a method returns.

    Args:
        message: the reply.
        rows: how many rows were read or stored; for the log.
    """

    message: Message
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method that can be called.

    Args:
        descriptor: its place in the proto.
        access: what a key must have to call it.
        answer: reads a request and does what it asks for; raises EventglassError.
    """

    descriptor: MethodDescriptor
    access: Access
    answer: Callable[[bytes, Encoding, Call, Grant], Awaitable[Reply]]

    @property
    def service(self) -> str:
        """The full name of its service."""
        return self.descriptor.containing_service.full_name

    @property
    def path(self) -> str:
        """The path that callers name it by."""
        return f"/{self.service}/{self.descriptor.name}"


def method(
    descriptor: MethodDescriptor,
    request_class: type[Request],
    handle: Callable[[Request, Call, Grant], Awaitable[Reply]],
    *,
    rules: Callable[[Request, Project], Sequence[Violation]],
) -> Method:
    """Make a method.

    Args:
        descriptor: its place in the proto.
        request_class: what it takes.
        handle: does what a request asks for.
        rules: what else to say about a request that cannot be read whole.
    """

    async def answer(data: bytes, encoding: Encoding, call: Call, grant: Grant) -> Reply:
        def beyond(request: Request) -> Sequence[Violation]:
            return rules(request, grant.project)

        if len(data) < _LARGE:
            request = decode(data, encoding, request_class, beyond)
        else:
            request = await asyncio.to_thread(decode, data, encoding, request_class, beyond)
        return await handle(request, call, grant)

    path = f"/{descriptor.containing_service.full_name}/{descriptor.name}"
    return Method(descriptor=descriptor, access=ACCESS[path], answer=answer)
