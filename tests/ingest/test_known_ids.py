"""New ids need no look-up, stored ones are never taken for new, whatever the filter thinks."""

import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventglass.engine.engine import Limits, Rows
from eventglass.engine.pool import Pool
from eventglass.errors import LimitError
from eventglass.ingest import event_hashes
from eventglass.ingest.hash_parts import Hashes, in_parts, paired, whole
from eventglass.ingest.id_filter import IdFilter
from eventglass.ingest.identity import event_hash
from eventglass.ingest.known_ids import KnownIds, open_known_ids
from eventglass.ingest.writer import open_writer
from eventglass.sql.statement import Statement
from tests.ingest.looking import Faulty, ids, send


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


@given(st.lists(st.lists(st.binary(min_size=12, max_size=12), min_size=1, max_size=50), max_size=10))
def test_what_was_added_is_never_said_to_be_new(groups: list[list[bytes]]) -> None:
    ids = IdFilter(expected=3)

    for group in groups:
        ids.add(in_parts(group))

    assert ids.may_have(in_parts([each for group in groups for each in group])).all()


def test_few_new_hashes_are_taken_for_seen_ones_as_layers_grow() -> None:
    random = np.random.default_rng(7)
    ids = IdFilter()
    for _ in range(30):
        ids.add(_made(random))

    wrong = ids.may_have(_made(random)).sum()

    assert 0 < wrong < 2_000, wrong
    size = sum(layer.words.nbytes for layer in ids._layers)
    assert size <= 3 * 2 * 3_000_000, "some two bytes a hash"


def _made(random: np.random.Generator) -> Hashes:
    return in_parts([random.bytes(12 * 100_000)])


@given(st.lists(st.binary(min_size=12, max_size=12)))
def test_parts_make_the_hash(hashes: list[bytes]) -> None:
    numbers = [int.from_bytes(each, "little") for each in hashes]
    upper, lower = [each >> 32 for each in numbers], [each % 2**32 for each in numbers]

    assert paired(upper, lower).tobytes() == in_parts(hashes).tobytes() == b"".join(hashes)
    assert in_parts(hashes)["upper"].tolist() == upper
    assert whole(upper, lower) == set(hashes)


async def test_of_two_events_whose_hashes_differ_in_their_lower_part_one_is_known(
    engine: Pool, project_id: str
) -> None:
    stored, other = event_hash(project_id, "a"), event_hash(project_id, "b")
    twin = other[:4] + stored[4:]
    await event_hashes.store(engine, [twin, other], [project_id] * 2)
    known = await open_known_ids(engine)

    assert await event_hashes.look_up(engine, [stored, twin], [project_id]) == {twin}
    for _ in range(2):
        assert await known.among([stored, twin, other], {project_id}) == {twin, other}
        await known.fill()

    writer = await open_writer(engine)
    assert (await send(writer, project_id, "a", "b")).events_known == 1
    assert (await send(writer, project_id, "a", "b")).events_known == 2
    await writer.close()
    assert len(await ids(engine, project_id, "event_hashes")) == 3


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


@pytest.mark.parametrize("together", [100, 100_000], ids=["in a small part", "in a large part"])
async def test_hashes_are_found_in_parts_of_any_size(engine: Pool, project_id: str, together: int) -> None:
    hashes = [event_hash(project_id, str(number)) for number in range(together)]
    await event_hashes.store(engine, hashes, [project_id] * together)
    asked = [*hashes[:50], *(event_hash(project_id, f"new-{number}") for number in range(50))]

    for look_up in (event_hashes.look_up, event_hashes.look_up_recent):
        assert await look_up(engine, asked, [project_id]) == set(hashes[:50])


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
