"""Ids are kept as UUIDs or as texts, and read as they were sent (migration 0023)."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventglass.catalog.project import Project
from eventglass.engine.arrow_file import arrow_file
from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.errors import UnavailableError
from eventglass.ingest.batch import accept_batch
from eventglass.ingest.clock import Clock
from eventglass.ingest.commit import Fresh, event_table
from eventglass.ingest.identity import event_hashes
from eventglass.ingest.journal import Journal
from eventglass.ingest.times import milliseconds
from eventglass.ingest.writer import Writer, open_writer
from eventglass.pipeline import answer
from eventglass.planning.scope import Scope
from eventglass.sql.statement import Statement
from events.v1.event_pb2 import Event
from insights.v1.query_service_pb2 import QueryRequest
from insights.v1.query_spec_pb2 import QuerySpec
from tests.ingest.looking import NOW, Faulty, ids

CANONICAL = "67e55044-10b1-426f-9247-bb680e5fe0c8"
ZERO = "00000000-0000-0000-0000-000000000000"

# None of the others is the same id.
OTHERS = [
    CANONICAL.upper(),
    CANONICAL.replace("e", "E", 1),
    f"{{{CANONICAL}}}",
    f"urn:uuid:{CANONICAL}",
    CANONICAL.replace("-", ""),
    CANONICAL.replace("-", "_"),
    "67e5504-410b1-426f-9247-bb680e5fe0c8",
    CANONICAL[:-1],
    CANONICAL + "0",
    CANONICAL + " ",
    " " + CANONICAL,
    CANONICAL + "\0",
    CANONICAL[:-1] + "g",
    CANONICAL[:-1] + "８",
    ZERO,
    "g" * 36,
    "-" * 36,
    "0",
    "NULL",
    "'\\`\"",
    "\0",
    "a\0b",
    "😀" * 9,
    "x" * 1_024,
]
ALL = [CANONICAL, "ffffffff-ffff-ffff-ffff-ffffffffffff", "00000000-0000-0000-0000-000000000001", *OTHERS]

# A UUID, of which some characters are others.
NEAR_UUIDS = st.builds(
    lambda each, changes: "".join(changes.get(at, letter) for at, letter in enumerate(str(each))),
    st.uuids(allow_nil=True) | st.just(uuid.UUID(int=0)),
    st.dictionaries(
        st.integers(0, 35), st.sampled_from(["", "-", "0", "f", "F", "g", "\0", "é", "00"]), max_size=2
    ),
)


def _events(names: Sequence[str], sessions: Sequence[str]) -> list[Event]:
    each = zip(names, sessions, strict=True)
    return [Event(name="x", user_id="u", event_id=name, session_id=session) for name, session in each]


async def _stored(engine: Pool, project_id: str) -> dict[str, str]:
    """Give the session ids of events, by their ids."""
    text = "SELECT event_id, session_id FROM events WHERE project_id = {project:String}"
    statement = Statement(text=text, parameters={"project": project_id}, columns=2)
    names, sessions = (await engine.query(statement, Limits())).columns
    assert len({*names}) == len(names)
    return dict(zip(names, sessions, strict=True))


async def _count(engine: Pool, project_id: str, condition: str, **parameters: str) -> int:
    statement = Statement(
        text=f"SELECT count() FROM events WHERE project_id = {{project:String}} AND {condition}",
        parameters={"project": project_id, **parameters},
    )
    ((count,),) = (await engine.query(statement, Limits())).columns
    return int(count)


async def test_ids_of_all_kinds_are_read_as_they_were_sent(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    sessions = ["", *ALL[1:]]

    first = await writer.write(project_id, _events(ALL, sessions), now=NOW, sent_at=None)
    again = await writer.write(project_id, _events(ALL, sessions), now=NOW, sent_at=None)

    assert (first.events_known, again.events_known) == (0, len(ALL))
    assert await _stored(engine, project_id) == dict(zip(ALL, sessions, strict=True))
    for event_id in ALL:
        assert await _count(engine, project_id, "event_id = {id:String}", id=event_id) == 1
    for session in sessions:
        assert await _count(engine, project_id, "session_id = {id:String}", id=session) == 1


async def test_only_what_is_spelled_as_a_uuid_is_kept_as_one(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    await writer.write(project_id, _events(ALL, ALL), now=NOW, sent_at=None)

    for kind in "event", "session":
        is_text = await _count(engine, project_id, f"{kind}_other_id = {kind}_id AND empty({kind}_uuid)")
        is_uuid = await _count(
            engine, project_id, f"toString({kind}_uuid) = {kind}_id AND empty({kind}_other_id)"
        )
        assert (is_text, is_uuid) == (len(OTHERS), len(ALL) - len(OTHERS))


async def test_sessions_are_told_by_their_ids_as_they_were_sent(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    await writer.write(project_id, _events(ALL, ["", *ALL[1:]]), now=NOW, sent_at=None)
    scope = Scope(project=Project(id=project_id), now=NOW + timedelta(days=1), watermark=None, query_id="q")
    day = {"start": "2024-05-01T00:00:00Z", "end": "2024-05-02T00:00:00Z"}

    async def dimensions(**asked: object) -> list[dict[str, object]]:
        spec = {"events": [{"name": "x", **asked}], "timeRange": day, "visualization": "VISUALIZATION_TABLE"}
        query = ParseDict({**spec, "breakdown": {"property": "$session_id"}}, QuerySpec())
        found = await answer(QueryRequest(query=query), scope, engine, None)
        return [MessageToDict(row.dimensions[0]) for row in found.rows]

    everything = await dimensions()
    assert [each for each in everything if each.get("isMissing")] == [{"isMissing": True}]
    assert {each.get("text") for each in everything} == {None, *ALL[1:]}
    for session in ALL[1:]:
        equals = {"property": "$session_id", "operator": "OPERATOR_EQUALS", "value": session}
        assert await dimensions(filters=[equals]) == [{"text": session}]


@given(drawn=st.lists(NEAR_UUIDS.filter(bool) | st.uuids().map(str), min_size=1, max_size=50, unique=True))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_texts_that_are_nearly_uuids_stay_what_they_are(
    engine: Pool, writer: Writer, drawn: list[str]
) -> None:
    project_id = f"p-{uuid.uuid4().hex}"

    await writer.write(project_id, _events(drawn, drawn[::-1]), now=NOW, sent_at=None)

    assert await _stored(engine, project_id) == dict(zip(drawn, drawn[::-1], strict=True))


async def test_a_start_knows_all_of_them(engine: Pool, project_id: str) -> None:
    faulty = Faulty(engine)
    crashed = await open_writer(faulty)
    # A crash may leave them without their hashes.
    faulty.failing = {"event_hashes": UnavailableError("no")}
    await crashed.write(project_id, _events(ALL, ALL), now=NOW, sent_at=None)
    await crashed.close()
    assert await ids(engine, project_id, "event_hashes") == []

    restarted = await open_writer(engine)
    again = await restarted.write(project_id, _events(ALL, ALL), now=NOW, sent_at=None)
    await restarted.close()

    assert again.events_known == len(ALL)
    assert await ids(engine, project_id) == sorted(ALL, key=str.encode)


@pytest.mark.parametrize("version", ["of today", "before migration 0023"])
async def test_a_journal_is_stored_whichever_version_wrote_it(
    engine: Pool, project_id: str, tmp_path: Path, version: str
) -> None:
    rows, _ = accept_batch(_events(ALL, ALL), Clock(now_ms=milliseconds(NOW)))
    hashes = event_hashes(project_id, ALL)
    fresh = Fresh(received_ms=milliseconds(NOW), rows=rows, projects=[project_id] * len(rows), hashes=hashes)
    table = event_table(fresh)
    if version == "before migration 0023":
        names = [
            {"event_id_text": "event_id", "session_id_text": "session_id"}.get(each, each)
            for each in table.column_names
        ]
        table = table.rename_columns(names)
    journal = Journal(tmp_path / "journal")
    await journal.append(arrow_file(table.slice(0, 20), None))
    await journal.append(arrow_file(event_table(fresh).slice(10), None))
    journal.close()

    writer = await open_writer(engine, Journal(tmp_path / "journal"))
    again = await writer.write(project_id, _events(ALL, ALL), now=NOW, sent_at=None)
    await writer.close()

    assert again.events_known == len(ALL)
    assert await _stored(engine, project_id) == dict(zip(ALL, ALL, strict=True))
    assert not [*Journal(tmp_path / "journal").records()]
