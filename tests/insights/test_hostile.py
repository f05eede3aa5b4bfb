"""Hostile names and values come back byte for byte and change no statement's structure."""

import re
from datetime import UTC, datetime

import pytest
from google.protobuf.json_format import ParseDict
from hypothesis import given
from hypothesis import strategies as st

from eventglass.catalog.project import Project
from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from eventglass.insights.registry import insight_of
from eventglass.pipeline import answer
from eventglass.planning.scope import Scope
from events.v1.event_pb2 import Event
from insights.v1.query_service_pb2 import QueryRequest
from insights.v1.query_spec_pb2 import QuerySpec

NOW = datetime(2026, 5, 3, tzinfo=UTC)
NOON = "2026-05-01T12:00:00Z"
MEGABYTE = 2**20

HOSTILE = [
    pytest.param("it's", id="quote"),
    pytest.param('"; DROP TABLE events; --', id="statement"),
    pytest.param("\\", id="backslash"),
    pytest.param("a\\`, version() AS v --", id="backslash and backtick"),
    pytest.param("``", id="backticks"),
    pytest.param("a\0b", id="NUL"),
    pytest.param("\0", id="only NUL"),
    pytest.param("tab\tnew\nline\rreturn", id="control characters"),
    pytest.param("{p0:String}", id="a placeholder"),
    pytest.param("%s %(a)s {} {{0}}", id="format strings"),
    pytest.param("~2E~~", id="our own escapes"),
    pytest.param("😀 é é ́", id="emoji and accents"),
    pytest.param("a.b", id="a dot"),
    pytest.param("$geo.country", id="a reserved name"),
    pytest.param("properties", id="a column's name"),
    pytest.param("x" * MEGABYTE, id="a megabyte"),
    pytest.param("`\\'" * (MEGABYTE // 3), id="a hostile megabyte"),
]


def spec(event: str, name: str, value: str) -> QuerySpec:
    return ParseDict(
        {
            "events": [{"name": event}],
            "timeRange": {"start": "2026-05-01T00:00:00Z", "end": "2026-05-02T00:00:00Z"},
            "filters": [
                {"property": name, "operator": "OPERATOR_EQUALS", "value": value},
                {"property": name, "operator": "OPERATOR_IN", "value": ["other", value]},
                {"property": name, "operator": "OPERATOR_CONTAINS", "value": value},
            ],
            "breakdown": {"property": name, "thenBy": ["$event_name"]},
        },
        QuerySpec(),
    )


@pytest.mark.parametrize("text", HOSTILE)
async def test_round_trip(text: str, engine: Engine, writer: Writer, project_id: str) -> None:
    event = ParseDict(
        {"name": text, "properties": {text: text, "plain": 1}, "timestamp": "2026-05-01T12:00:00Z"}, Event()
    )
    near = ParseDict(
        {
            "name": text + "x",
            "properties": {text: text, text + "x": text},
            "timestamp": "2026-05-01T12:00:00Z",
        },
        Event(),
    )
    reply = await writer.write(project_id, [event, near], now=NOW, sent_at=None)
    assert reply.events_created == 2
    scope = Scope(project=Project(id=project_id), now=NOW, watermark=None, query_id="q")

    response = await answer(QueryRequest(query=spec(text, text, text)), scope, engine, None)

    (point,) = response.series
    assert point.value == 1
    assert point.event == text
    assert [each.text for each in point.dimensions] == [text, text]
    assert point.breakdown == text


def structure(event: str, name: str, value: str) -> str:
    """Compile, and put a fixed word for every quoted path."""
    scope = Scope(project=Project(id=value), now=NOW, watermark=None, query_id="q")
    asked = spec(event, name, value)
    insight = insight_of(asked)
    text = insight.to_sql(insight.plan(asked, scope)).text
    paths = re.findall(r"properties\.(`[^`]*`)", text)
    assert all(re.fullmatch(r"`[A-Za-z0-9_$~-]{1,255}`", each) for each in paths)
    return re.sub(r"properties\.`[^`]*`", "properties.path", text)


@given(*[st.text(st.characters(exclude_categories=["Cs"]), min_size=1)] * 3)
def test_no_text_changes_a_statement(event: str, name: str, value: str) -> None:
    # A fact is read from a column; a list's text is looked for among lists, a number's among numbers.
    name, value = f"p{name}", f"v{value}"

    assert structure(event, name, value) == structure("a", "b", "v")
