"""What was erased leaves the disk, and the search that proves it finds what is there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from google.protobuf.json_format import ParseDict

from eventglass.engine import on_disk
from eventglass.engine.clickhouse import open_clickhouse
from eventglass.engine.engine import Limits
from eventglass.engine.on_disk import count_in, files_with
from eventglass.engine.pool import Pool
from eventglass.errors import UnavailableError
from eventglass.identity import disk
from eventglass.identity.disk import remove_erased
from eventglass.identity.profiles import get
from eventglass.identity.register import Register, open_register
from eventglass.ingest.commit import newest_arrival
from eventglass.ingest.identity import key_of
from eventglass.ingest.rollups import gather
from eventglass.ingest.writer import Writer, open_writer
from eventglass.sql.statement import Statement
from events.v1.event_pb2 import Event
from tests.cli.process import eventglass
from tests.clickhouse.conftest import running
from tests.identity.saying import NOW, erase, happen, identify, looking
from tests.killing import told

IDS = ("ann@example.com", "phone of ann", "old account of ann")


@asynccontextmanager
async def closing_all(engine: Pool) -> AsyncIterator[tuple[Pool, Writer, Register]]:
    """Open what stands on an engine; close all of it at the end."""
    writer, register = await open_writer(engine), await open_register(engine)
    try:
        yield engine, writer, register
    finally:
        await register.close()
        await writer.close()
        await engine.close()


@pytest.mark.parametrize("codec", ["lz4_raw", "zstd", None])
def test_compressed_files_are_searched(codec: str | None, tmp_path: Path) -> None:
    method = {"lz4_raw": 0x82, "zstd": 0x90, None: 0x02}[codec]
    (tmp_path / "deep").mkdir()
    blocks = [b"x" * 5_000 + b"the begin", b"ning of it" + b"y" * 5_000]
    packed = [bytes(pa.Codec(codec).compress(each)) if codec else each for each in blocks]
    headers = [
        bytes(16) + on_disk._HEADER.pack(method, 9 + len(each), len(block))
        for each, block in zip(packed, blocks, strict=True)
    ]
    file = tmp_path / "deep" / "id.bin"
    file.write_bytes(b"".join(part for pair in zip(headers, packed, strict=True) for part in pair))

    found = files_with(tmp_path, [b"x" * 100, b"the beginning of it", b"nowhere"])

    assert found == {file: {b"x" * 100, b"the beginning of it"}}
    # Not in the file as it is, where a block may hold its content so, too.
    assert count_in(file, b"the beginning of it") == 1
    assert count_in(file, b"i") == 3


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory of a project in which Ann and Bob have done something."""
    events = [
        f'{{"name": "a", "userId": "{who}", "contact": "{who}",'
        f' "timestamp": "2024-05-01T00:00:{second:02}Z"}}'
        for second, who in enumerate((*IDS, *IDS, "bob@example.com", "eve@example.com"))
    ]
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(events))
    where = ("--data-dir", tmp_path / "data")
    assert eventglass("project", "create", "p", *where).code == 0
    done = eventglass(
        "import", file, "--project", "p", "--name-column", "name", "--user-id", "userId", *where
    )
    assert done.code == 0, done.err
    return tmp_path / "data"


def test_the_command_takes_a_person_off_the_disk(data: Path) -> None:
    keys = [key_of(each).to_bytes(8, "little") for each in IDS]
    texts = [each.encode() for each in (*IDS, "bob@example.com")]
    before = files_with(data / "engine", [*keys, *texts])

    done = eventglass("erase", *IDS, "--project", "p", "--data-dir", data)

    after = files_with(data / "engine", [*keys, *texts])
    assert (done.code, done.err) == (0, "")
    assert "3 ids, 6 rows were taken off the disk" in done.out
    assert set().union(*before.values()) == {*keys, *texts}
    # Bob is still there; of Ann only the list of who was erased has a key.
    assert set().union(*after.values()) == {*keys, b"bob@example.com"}
    assert {found for found, here in after.items() if here & set(keys)} <= _files_of_erasures(after)


GATHER = """
    import asyncio, sys
    from pathlib import Path
    from eventglass.engine.embedded import open_embedded
    from eventglass.engine.engine import Limits
    from eventglass.engine.promoted import promote
    from eventglass.ingest.commit import newest_arrival
    from eventglass.ingest.rollups import gather
    from eventglass.sql.statement import Statement

    async def main() -> None:
        engine = open_embedded(Path(sys.argv[1]))
        await promote(engine, ["contact"], drop_others=True)
        await gather(engine, until_ms=await newest_arrival(engine) + 1)
        rows = await engine.query(Statement(text="SELECT count() FROM active_hours"), Limits())
        print("told", rows.columns[0][0])
        await engine.close()

    asyncio.run(main())
"""


def test_the_command_takes_the_hours_of_a_person_off_the_disk(data: Path) -> None:
    gathered = told(GATHER, data)
    keys = [key_of(each).to_bytes(8, "little") for each in (*IDS, "bob@example.com")]
    before = _of_hours(files_with(data / "engine", keys))

    done = eventglass("erase", *IDS, "--project", "p", "--data-dir", data)

    after = _of_hours(files_with(data / "engine", keys))
    assert (done.code, done.err) == (0, "")
    # The rows of hours are not among those that are told: events, links and traits are.
    assert "3 ids, 6 rows were taken off the disk" in done.out
    assert int(gathered) == 5
    assert before == set(keys)
    assert after == {keys[-1]}


def test_the_command_takes_what_is_counted_of_their_values_off_the_disk(data: Path) -> None:
    told(GATHER, data)
    texts = {each.encode() for each in (*IDS, "bob@example.com")}
    before = _of_values(files_with(data / "engine", texts))

    done = eventglass("erase", *IDS, "--project", "p", "--data-dir", data)

    after = _of_values(files_with(data / "engine", texts))
    assert (done.code, done.err) == (0, "")
    assert (before, after) == (texts, {b"bob@example.com"})


def _of_values(found: dict[Path, set[bytes]]) -> set[bytes]:
    """What files of how many events have which value hold of what was found."""
    return set().union(*(here for file, here in found.items() if "`property`" in _columns(file)))


def _of_hours(found: dict[Path, set[bytes]]) -> set[bytes]:
    """What files of who was active when hold of what was found."""
    return set().union(*(here for file, here in found.items() if "latest" in _columns(file)))


def _files_of_erasures(found: dict[Path, set[bytes]]) -> set[Path]:
    """Files beside which there are others of the table of erasures."""
    return {file for file in found if "until" in _columns(file)}


def _columns(file: Path) -> str:
    return (file.parent / "columns.txt").read_text()


async def test_links_and_traits_leave_too_but_not_those_of_others(tmp_path: Path, project_id: str) -> None:
    # An engine of its own: a deletion goes through every part of a table, and the tests' own has thousands.
    with running(tmp_path) as server:
        async with closing_all(open_clickhouse(server.dsn)) as (engine, writer, register):
            await _leave(engine, writer, register, project_id)


async def _leave(engine: Pool, writer: Writer, register: Register, project_id: str) -> None:
    await happen(writer, project_id, ("a", 1, "~phone"), ("a", 2, "ann"), ("a", 3, "bob"))
    await identify(register, project_id, "ann", "phone", traits={"plan": "pro", "age": 4})
    await identify(register, project_id, "bob", traits={"plan": "free"})
    await identify(register, project_id, "eve", traits={"plan": "free"})
    await erase(register, project_id, "phone", now=NOW + timedelta(days=400 * 365))
    await erase(register, project_id, "eve", with_events=False)

    gone = await remove_erased(engine, project_id, None)
    again = await remove_erased(engine, project_id, None)
    bob = await get("bob", looking(register, project_id), engine, None)
    eve = await get("eve", looking(register, project_id), engine, None)

    # Two events, two links and as many that undid them, two traits and another person's one.
    assert (sorted(gone.ids), gone.rows) == (["ann", "phone"], 9)
    assert (list(again.ids), again.rows) == ([], 0)
    assert (bob.event_count, dict(bob.traits)) == (1, {"plan": "free"})
    assert dict(eve.traits) == {}


async def test_a_run_that_was_cut_off_is_made_good_by_the_next(
    tmp_path: Path, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    inactive = Statement(text="SELECT count() FROM system.parts WHERE NOT active AND table = 'events'")
    with running(tmp_path) as server:
        async with closing_all(open_clickhouse(server.dsn)) as (engine, writer, register):
            await happen(writer, project_id, ("a", 1, "ann"), ("a", 2, "bob"))
            await erase(register, project_id, "ann", now=NOW + timedelta(days=1))
            with monkeypatch.context() as patch:
                patch.setattr(disk, "_MOST_SECONDS", 0.0)
                with pytest.raises(UnavailableError):
                    await remove_erased(engine, project_id, None)
            between = (await engine.query(inactive, Limits())).columns[0][0]

            again = await remove_erased(engine, project_id, None)

            assert between > 0
            assert again.rows == 0
            assert (await engine.query(inactive, Limits())).columns[0][0] == 0


async def test_days_of_sessions_on_which_they_did_nothing_that_is_left_leave_too(
    tmp_path: Path, project_id: str
) -> None:
    with running(tmp_path) as server:
        async with closing_all(open_clickhouse(server.dsn)) as (engine, writer, register):
            events = [
                ParseDict({"name": "a", "userId": who, "sessionId": session}, Event())
                for who, session in (("ann", "hers"), ("ann", "shared"), ("bob", "shared"))
            ]
            await writer.write(project_id, events, now=NOW, sent_at=None)
            # All sessions have two days.
            for event in events:
                event.timestamp.FromDatetime(NOW - timedelta(days=3))
            await writer.write(project_id, events, now=NOW, sent_at=None)
            await gather(engine, until_ms=await newest_arrival(engine) + 1)
            await erase(register, project_id, "ann", now=NOW + timedelta(days=2))

            await remove_erased(engine, project_id, None)
            for table in ("session_days", "long_sessions"):
                text = f"SELECT session, person FROM {table}"
                left = await engine.query(Statement(text=text, columns=2), Limits())
                found = {tuple(each) for each in zip(*left.columns, strict=True)}
                assert found == {(key_of("shared"), key_of("bob"))}


async def test_hours_in_which_they_did_nothing_that_is_left_leave_too_and_first_times(
    tmp_path: Path, project_id: str
) -> None:
    with running(tmp_path) as server:
        async with closing_all(open_clickhouse(server.dsn)) as (engine, writer, register):
            await happen(writer, project_id, ("a", 1, "ann"), ("a", 2, "bob"), ("a", 90_000, "ann"))
            await gather(engine, until_ms=await newest_arrival(engine) + 1)
            await erase(register, project_id, "ann", now=NOW + timedelta(days=1))

            await remove_erased(engine, project_id, None)
            for table in ("active_hours", "first_times"):
                text = f"SELECT DISTINCT person FROM {table}"
                left = await engine.query(Statement(text=text), Limits())
                assert list(left.columns[0]) == [key_of("bob")]


def test_there_may_be_nothing_to_erase(data: Path) -> None:
    done = eventglass("erase", "--project", "p", "--data-dir", data)

    assert (done.code, done.err) == (0, "")
    assert "0 ids, 0 rows" in done.out


@pytest.mark.parametrize(("wrong", "told"), [("", "is empty"), ("x" * 1_025, "has 1,025 bytes")])
def test_an_id_that_nobody_has_erases_nothing(data: Path, wrong: str, told: str) -> None:
    done = eventglass("erase", "ann@example.com", wrong, "--project", "p", "--data-dir", data)
    after = eventglass("erase", "--project", "p", "--data-dir", data)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"eventglass: ID: {told}")
    assert after.out.startswith("p: 0 ids, 0 rows were taken off the disk\n")


def test_a_directory_that_is_none_is_refused_and_not_made(tmp_path: Path) -> None:
    done = eventglass("erase", "--project", "p", "--data-dir", tmp_path / "typo")

    assert done.code == 1
    assert "typo is not a data directory" in done.err
    assert not (tmp_path / "typo").exists()
