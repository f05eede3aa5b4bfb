"""One call, whatever protocol it came by, and the methods that can be called."""

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from eventglass.catalog.project import Access, Grant, Project
from eventglass.errors import Violation
from eventglass.transport.access import ACCESS
from eventglass.transport.decoding import Encoding, decode
from eventglass.transport.findings import Request

# What a request is read as.
Content = TypeVar("Content")

# Bytes of a request that take long enough to read that other calls should not wait for several of them.
_LARGE = 50_000
# By how it is written: what takes so long that a thread reads it.
_IN_THREAD: Mapping[Encoding, int] = {Encoding.JSON: 100_000, Encoding.PROTO: 1_000_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is known of a call besides its request.

    Args:
        method: the path, such as `/insights.v1.InsightsService/Query`.
        headers: by lower-case name, see `joined`.
        peer: the caller's address.
        protocol: grpc, grpc-web or connect; beacon or event-source; http of what was refused unread.
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


def joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give headers by name. One that comes several times is a list, as if its values came with commas.

    So a proxy that adds a line of its own stands behind what it was sent. The same value is there once.
    """
    result: dict[str, str] = {}
    for name, value in headers:
        before = result.setdefault(name, value)
        if before != value:
            result[name] = f"{before}, {value}"
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a method returns.

    Args:
        message: the reply.
        rows: how many rows were read or stored; for the log.
        engine_seconds: what the engine took for it, for the log, too; None where nobody looked.
    """

    message: Message
    rows: int
    engine_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method with one reply.

    Args:
        descriptor: its place in the proto.
        access: a key must have one of these to call it.
        answer: reads a request and does what it asks for; raises EventglassError.
    """

    descriptor: MethodDescriptor
    access: frozenset[Access]
    answer: Callable[[bytes, Encoding, Call, Grant], Awaitable[Reply]]

    @property
    def path(self) -> str:
        """The path that callers name it by."""
        return path_of(self.descriptor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Streaming:
    """A method with many replies.

    Args:
        descriptor: its place in the proto.
        access: a key must have one of these to call it.
        answer: reads a request and yields replies; raises EventglassError. One that waits for something
            to reply yields None once a second.
    """

    descriptor: MethodDescriptor
    access: frozenset[Access]
    answer: Callable[[bytes, Encoding, Call, Grant], AsyncGenerator[Reply | None]]

    @property
    def path(self) -> str:
        """The path that callers name it by."""
        return path_of(self.descriptor)


AnyMethod = Method | Streaming


def path_of(descriptor: MethodDescriptor) -> str:
    """Give the path that callers name a method by."""
    return f"/{descriptor.containing_service.full_name}/{descriptor.name}"


# What else to say about a request that cannot be read whole.
Rules = Callable[[Request, Project], Sequence[Violation]]


def method(
    descriptor: MethodDescriptor,
    request_class: type[Request],
    handle: Callable[[Request, Call, Grant], Awaitable[Reply]],
    *,
    rules: Rules[Request],
) -> Method:
    """Make a method with one reply.

    Args:
        descriptor: its place in the proto.
        request_class: what it takes.
        handle: does what a request asks for.
        rules: what else to say about a request that cannot be read whole.
    """

    async def handled(request: Request, call: Call, grant: Grant) -> Awaitable[Reply]:
        return handle(request, call, grant)

    return taking(descriptor, _reading(request_class, rules), handled)


def taking(
    descriptor: MethodDescriptor,
    read: Callable[[bytes, Encoding, Project], Content],
    take: Callable[[Content, Call, Grant], Awaitable[Awaitable[Reply]]],
    *,
    admit: Callable[[], None] = lambda: None,
) -> Method:
    """Make a method with one reply that first takes in large requests; see `method`.

    Args:
        descriptor: its place in the proto.
        read: reads a request; raises InvalidArgumentError.
        take: takes in all of a request, one large one at a time, and gives what is to be done then.
        admit: raises EventglassError when there is no room for requests, before one is read.
    """
    reader = _Reader(read)

    async def answer(data: bytes, encoding: Encoding, call: Call, grant: Grant) -> Reply:
        # Who is refused must not wait for a turn first, and may have to be refused when it comes.
        admit()
        async with reader.turn(data):
            admit()
            doing = await take(await reader.read(data, encoding, grant.project), call, grant)
        return await doing

    return Method(descriptor=descriptor, access=ACCESS[path_of(descriptor)], answer=answer)


def streaming(
    descriptor: MethodDescriptor,
    request_class: type[Request],
    handle: Callable[[Request, Call, Grant], AsyncGenerator[Reply | None]],
    *,
    rules: Rules[Request],
) -> Streaming:
    """Make a method with many replies; see `method`."""
    reader = _Reader(_reading(request_class, rules))

    async def answer(
        data: bytes, encoding: Encoding, call: Call, grant: Grant
    ) -> AsyncGenerator[Reply | None]:
        async with reader.turn(data):
            request = await reader.read(data, encoding, grant.project)
        async with aclosing(handle(request, call, grant)) as replies:
            async for reply in replies:
                yield reply

    return Streaming(descriptor=descriptor, access=ACCESS[path_of(descriptor)], answer=answer)


def _reading(
    request_class: type[Request], rules: Rules[Request]
) -> Callable[[bytes, Encoding, Project], Request]:
    def read(data: bytes, encoding: Encoding, project: Project) -> Request:
        return decode(data, encoding, request_class, lambda request: rules(request, project))

    return read


class _Reader(Generic[Content]):
    """Reads the requests of one method, large ones one after the other.

    A large one is many times as large when it is read, and takes a while; between two of them, others
    have their turn.
    """

    def __init__(self, read: Callable[[bytes, Encoding, Project], Content]) -> None:
        self._read = read
        self._one = asyncio.Lock()

    @asynccontextmanager
    async def turn(self, data: bytes) -> AsyncIterator[None]:
        """Wait until no other large request is being read."""
        if len(data) < _LARGE:
            yield
            return
        async with self._one:
            await asyncio.sleep(0)
            yield

    async def read(self, data: bytes, encoding: Encoding, project: Project) -> Content:
        """Read a request; raises InvalidArgumentError."""
        if len(data) < _IN_THREAD[encoding]:
            return self._read(data, encoding, project)
        return await asyncio.to_thread(self._read, data, encoding, project)
