"""Specs as callers write them, in JSON, and the violations that are found in them."""

from typing import Any, Final

from google.protobuf.json_format import ParseDict

from eventglass.errors import Violation
from eventglass.spec.validation import violations_of_request
from insights.v1.query_service_pb2 import QueryRequest

MAY: Final = {"start": "2026-05-01T00:00:00Z", "end": "2026-06-01T00:00:00Z"}


def request_of(change: dict[str, Any]) -> QueryRequest:
    """Ask about May 2026, with some more fields; None leaves one out."""
    query = {key: value for key, value in {"timeRange": MAY, **change}.items() if value is not None}
    return ParseDict({"query": query}, QueryRequest())


def only_violation(change: dict[str, Any]) -> Violation:
    """Find the one violation of a spec, which must say more than that something is wrong."""
    (found,) = violations_of_request(request_of(change))
    assert len(found.description) > len("is wrong")
    return found
