"""Ids of erased persons may be in use; what is left of the erased ones beside that is found all the same."""

from pathlib import Path

import pytest

from tests.cli.process import eventglass
from tests.killing import told

# Ann has been in project p, and has a trait there. Then what a test does, and all of it becomes one part.
_PROGRAM = """
    import asyncio, re, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from eventglass.engine import pool
    from eventglass.engine.embedded import open_embedded
    from eventglass.engine.engine import Limits
    from eventglass.identity.register import open_register
    from eventglass.ingest.commit import newest_arrival
    from eventglass.ingest.rollups import gather
    from eventglass.ingest.writer import open_writer
    from eventglass.sql.statement import Statement
    from events.v1.event_pb2 import Event
    from tests.identity.saying import erase, identify

    pool._CHANGE = re.compile("")  # whatever the engine can do
    ANN = "ann@example.com"

    async def main() -> None:
        engine = open_embedded(Path(sys.argv[1]))
        writer, register = await open_writer(engine), await open_register(engine)

        async def write(project, *users) -> None:
            await asyncio.sleep(0.01)  # an arrival of its own
            now = datetime.now(UTC)
            events = [Event(name="a", user_id=user, session_id=user) for user in users]
            await writer.write(project, events, now=now, sent_at=None)

        async def do(text) -> None:
            await engine.alter(Statement(text=text))

        await write("p", ANN, "bob@example.com", ANN)
        await identify(register, "p", ANN, traits={{"plan": "pro"}})
        {does}
        await gather(engine, until_ms=await newest_arrival(engine) + 1)
        await do("OPTIMIZE TABLE events FINAL")
        {at_last}
        hers = "SELECT count() FROM events WHERE user_id = 'ann@example.com'"
        print("told", (await engine.query(Statement(text=hers, columns=1), Limits())).columns[0][0])
        await register.close()
        await writer.close()
        await engine.close()

    asyncio.run(main())
"""

_ELSEWHERE = """
        await write("q", ANN, "eve@example.com")
        await identify(register, "q", ANN, "a phone", traits={"plan": "free"})
"""
_COMES_BACK = """
        await erase(register, "p", ANN, now=datetime.now(UTC))
        await write("p", ANN)
        await identify(register, "p", ANN, "another phone", traits={"plan": "free"})
"""
# A deletion of this kind leaves the rows where they are, in the part in which other rows have the same key.
_HIDE = """await do("DELETE FROM events WHERE project_id = 'p' AND user_id = 'ann@example.com'")"""
_DETACH = """await do("ALTER TABLE events DETACH PARTITION ALL")"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with a project."""
    assert eventglass("project", "create", "p", "--data-dir", tmp_path / "data").code == 0
    return tmp_path / "data"


def _do(data: Path, does: str, at_last: str = "") -> int:
    """Run a program; give how many events Ann has in all projects."""
    return int(told(_PROGRAM.format(does=does.strip(), at_last=at_last), data))


@pytest.mark.parametrize(
    ("does", "named", "left"),
    [(_ELSEWHERE, ["ann@example.com"], 1), (_COMES_BACK, [], 1), (_ELSEWHERE + _COMES_BACK, [], 2)],
    ids=["elsewhere", "comes back", "both"],
)
def test_the_same_id_elsewhere_or_later_is_no_erased_person(
    data: Path, does: str, named: list[str], left: int
) -> None:
    assert _do(data, does) == 2 + left

    done = eventglass("erase", *named, "--project", "p", "--data-dir", data)
    again = eventglass("erase", "--project", "p", "--data-dir", data)

    assert (done.code, done.err) == (0, "")
    assert "p: 1 ids, " in done.out
    assert "no row of an erased person is left" in done.out
    assert "still named by other events, or in their properties: ann@example.com" in done.out
    assert (again.code, again.err) == (0, "")
    assert "p: 0 ids, 0 rows were taken off the disk" in again.out
    # What was erased stays gone when the program sends it again.
    assert _do(data, "pass") == left


# Bob's session is called as Ann is.
_SESSION = """
        event = Event(name="a", user_id="bob@example.com", session_id=ANN)
        await writer.write("p", [event], now=datetime.now(UTC), sent_at=None)
"""


def test_an_id_that_is_a_uuid_is_found_where_it_names_a_session(data: Path) -> None:
    ann = "67e55044-10b1-426f-9247-bb680e5fe0c8"
    told(_PROGRAM.replace("ann@example.com", ann).format(does=_SESSION.strip(), at_last=""), data)

    done = eventglass("erase", ann, "--project", "p", "--data-dir", data)

    assert (done.code, done.err) == (0, "")
    assert f"still named by other events, or in their properties: {ann}" in done.out


@pytest.mark.parametrize(("at_last", "where"), [(_HIDE, "data.bin"), (_DETACH, "detached")])
def test_what_is_left_beside_rows_that_stay_is_found(data: Path, at_last: str, where: str) -> None:
    _do(data, _ELSEWHERE, at_last)

    done = eventglass("erase", "ann@example.com", "--project", "p", "--data-dir", data)

    assert done.code == 1
    assert "still holds an erased person" in done.err
    assert where in done.err
