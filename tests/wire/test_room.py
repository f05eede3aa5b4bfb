"""Requests that there is no room for are refused before they are read, and wait for nobody's turn."""

import asyncio

import pytest

from eventglass.catalog.project import Access, Grant, Project
from eventglass.errors import LimitError
from eventglass.transport.call import Call, Reply, taking
from eventglass.transport.decoding import Encoding
from events.v1 import events_service_pb2
from tests.patience import PATIENCE

_BATCH_CREATE = events_service_pb2.DESCRIPTOR.services_by_name["EventsService"].methods_by_name["BatchCreate"]
_GRANT = Grant(project=Project(id="p"), access=frozenset({Access.WRITE}))
_LARGE = bytes(2**20)


class _Room:
    """Takes in one large request at a time, until it is full."""

    def __init__(self) -> None:
        self.is_full = False
        self.read = 0
        self.goes_on = asyncio.Event()
        self._method = taking(_BATCH_CREATE, self._read, self._take, admit=self._admit)

    async def answer(self, data: bytes) -> Reply:
        call = Call.received(method="m", headers={}, peer="", protocol="", remaining=None)
        return await self._method.answer(data, Encoding.PROTO, call, _GRANT)

    def _admit(self) -> None:
        if self.is_full:
            raise LimitError("full", reason="QUEUE_FULL")

    def _read(self, data: bytes, _encoding: Encoding, _project: Project) -> bytes:
        self.read += 1
        return data

    async def _take(self, _data: bytes, _call: Call, _grant: Grant) -> "asyncio.Future[Reply]":
        await self.goes_on.wait()
        done: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        done.set_result(Reply(message=events_service_pb2.BatchCreateResponse(), rows=0))
        return done


@pytest.mark.parametrize("data", [b"", _LARGE], ids=["small", "large"])
async def test_who_is_refused_waits_for_no_turn(data: bytes) -> None:
    room = _Room()
    first = asyncio.create_task(room.answer(_LARGE))
    async with asyncio.timeout(PATIENCE):
        while not room.read:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0)
        room.is_full = True
        with pytest.raises(LimitError):
            await room.answer(data)
        room.goes_on.set()
        await first

    assert room.read == 1


async def test_who_waits_for_a_turn_is_refused_when_there_is_no_room_by_then() -> None:
    room = _Room()
    first, second = (asyncio.create_task(room.answer(_LARGE)) for _ in range(2))
    async with asyncio.timeout(PATIENCE):
        while not room.read:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0)
        room.is_full = True
        room.goes_on.set()
        await first
        with pytest.raises(LimitError):
            await second

    assert room.read == 1
