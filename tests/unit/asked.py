"""Specs as callers write them, in JSON: their statements, and the violations that are found in them."""

from datetime import UTC, datetime
from typing import Any, Final

from google.protobuf.json_format import ParseDict

from eventglass.catalog.project import Project
from eventglass.errors import Violation
from eventglass.insights.registry import insight_of
from eventglass.planning.scope import Scope
from eventglass.spec.validation import violations_of_request
from eventglass.sql.statement import Statement
from insights.v1.query_service_pb2 import QueryRequest

MAY: Final = {"start": "2026-05-01T00:00:00Z", "end": "2026-06-01T00:00:00Z"}

# When `statement_of` asks.
NOW: Final = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)


def request_of(change: dict[str, Any]) -> QueryRequest:
    """Ask about May 2026, with some more fields; None leaves one out."""
    query = {key: value for key, value in {"timeRange": MAY, **change}.items() if value is not None}
    return ParseDict({"query": query}, QueryRequest())


def statement_of(change: dict[str, Any], **scope: Any) -> Statement:
    """Compile what `request_of` makes, in circumstances: fields of a Scope."""
    spec = request_of(change).query
    insight = insight_of(spec)
    asked = Scope(project=Project(id="p"), query_id="q", **{"now": NOW, "watermark": None, **scope})
    return insight.to_sql(insight.plan(spec, asked))


def only_violation(change: dict[str, Any]) -> Violation:
    """Find the one violation of a spec, which must say more than that something is wrong."""
    (found,) = violations_of_request(request_of(change))
    assert len(found.description) > len("is wrong")
    return found
