"""New ids need no look-up, stored ones are never taken for new, whatever the filter thinks."""

import asyncio
import os

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from eventglass.engine.engine import Limits, Rows
from eventglass.engine.pool import Pool
from eventglass.errors import LimitError
from eventglass.ingest.id_filter import IdFilter, paired, pairs
from eventglass.ingest.identity import event_hash
from eventglass.ingest.known_ids import KnownIds, open_known_ids
from eventglass.ingest.writer import open_writer
from eventglass.sql.statement import Statement
from tests.ingest.looking import Faulty, send


class Counting(Faulty):
    """The engine, counting how many ids are looked up in the table."""

    def __init__(self, engine: Pool) -> None:
        super().__init__(engine)
        self.looked_up = 0

    async def query(self, statement: Statement, limits: Limits) -> Rows:
        hashes = statement.parameters.get("hashes", ())
        assert isinstance(hashes, list | tuple)
        self.looked_up += len(hashes)
        return await super().query(statement, limits)


async def store(engine: Pool, project_id: str, *event_ids: str) -> None:
    """Store events, and wait until the table has their hashes."""
    writer = await open_writer(engine)
    await send(writer, project_id, *event_ids)
    await writer.close()


@given(st.lists(st.lists(st.binary(min_size=16, max_size=16), min_size=1, max_size=50), max_size=10))
def test_what_was_added_is_never_said_to_be_new(groups: list[list[bytes]]) -> None:
    ids = IdFilter(expected=3)

    for group in groups:
        ids.add(pairs(b"".join(group)))

    added = b"".join(each for group in groups for each in group)
    assert ids.may_have(pairs(added)).all()


def test_few_new_hashes_are_taken_for_seen_ones_as_layers_grow() -> None:
    random = np.random.default_rng(7)
    ids = IdFilter()
    for _ in range(30):
        ids.add(random.integers(0, 2**64, (100_000, 2), dtype=np.uint64))

    wrong = ids.may_have(random.integers(0, 2**64, (100_000, 2), dtype=np.uint64)).sum()

    assert 0 < wrong < 2_000, wrong
    size = sum(layer.words.nbytes for layer in ids._layers)
    assert size <= 3 * 2 * 3_000_000, "some two bytes a hash"


def test_halves_make_the_hash() -> None:
    hashes = os.urandom(160)
    numbers = [int.from_bytes(hashes[start : start + 16], "little") for start in range(0, 160, 16)]

    halves = paired([number % 2**64 for number in numbers], [number >> 64 for number in numbers])

    assert halves.tolist() == pairs(hashes).tolist()


async def test_stored_ids_are_known_before_and_after_the_filter_is_filled(
    engine: Pool, project_id: str
) -> None:
    await store(engine, project_id, *map(str, range(500)))
    stored = [event_hash(project_id, str(number)) for number in range(500)]
    new = [event_hash(project_id, f"new-{number}") for number in range(500)]
    counting = Counting(engine)

    known = await open_known_ids(counting)
    assert await known.among([*stored, *new], {project_id}) == set(stored)
    assert counting.looked_up == 1_000
    await known.fill()

    counting.looked_up = 0
    assert await known.among([*stored, *new], {project_id}) == set(stored)
    assert 500 <= counting.looked_up < 550


async def test_ids_that_are_stored_while_the_filter_is_filled_are_known(
    engine: Pool, project_id: str
) -> None:
    known = await open_known_ids(engine)
    assert not known.is_whole
    filling = asyncio.create_task(known.fill())
    late = [event_hash(project_id, str(number)) for number in range(100)]

    known.add(late)
    await store(engine, project_id, *map(str, range(100)))
    await filling

    assert await known.among(late, {project_id}) == set(late)


async def test_a_fill_that_fails_goes_on_when_the_engine_is_back(engine: Pool, project_id: str) -> None:
    await store(engine, project_id, "a")
    faulty = Faulty(engine)
    known = KnownIds(faulty, 1, pause_seconds=0.01)
    faulty.failing = {"query": LimitError("busy", reason="QUEUE_FULL")}
    filling = asyncio.create_task(known.fill())
    await asyncio.sleep(0.05)
    assert not filling.done()

    faulty.failing = {}
    await filling

    stored = event_hash(project_id, "a")
    assert await known.among([stored], {project_id}) == {stored}
