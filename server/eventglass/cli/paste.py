"""Commands that ask a running server a first question, ready to paste into a shell."""

import json
import shutil
import sys
from pathlib import Path
from typing import Final

from eventglass.transport.ports import Ports

# Purchases per month of the demo data set; they sum to 470.
QUERY: Final = {
    "query": {
        "events": [{"name": "purchase"}],
        "timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-07-01T00:00:00Z"},
        "granularity": "GRANULARITY_MONTH",
    }
}
_JSON: Final = json.dumps(QUERY)
_METHOD: Final = "insights.v1.InsightsService/Query"
_EVERYWHERE: Final = ("0.0.0.0", "::", "")

_CURL: Final = """\
curl {url}/{method} \\
  -H 'Authorization: Bearer {key}' -H 'x-project-id: {project}' -H 'Content-Type: application/json' \\
  -d '{json}'"""

_BUF_CURL: Final = """\
{buf} curl --protocol grpc --http2-prior-knowledge \\
  -H 'Authorization: Bearer {key}' -H 'x-project-id: {project}' \\
  -d '{json}' \\
  http://{grpc}/{method}"""

_PYTHON: Final = """\
{python} - <<'END'
import grpc
from google.protobuf.json_format import Parse
from insights.v1.query_service_pb2 import QueryRequest
from insights.v1.query_service_pb2_grpc import InsightsServiceStub

request = Parse('{json}', QueryRequest())
headers = [("authorization", "Bearer {key}"), ("x-project-id", "{project}")]
with grpc.insecure_channel("{grpc}") as channel:
    answer = InsightsServiceStub(channel).Query(request, metadata=headers)
for point in answer.series:
    print(point.timestamp.ToDatetime().date(), point.value)
END"""


def url_of(ports: Ports) -> str:
    """Give the address of the HTTP port, as callers on this machine reach it."""
    return f"http://{_address(ports.host, ports.http)}"


def commands(ports: Ports, *, key: str, project: str) -> list[tuple[str, str]]:
    """Give each command with what it uses."""
    texts = {
        "url": url_of(ports),
        "grpc": _address(ports.host, ports.grpc),
        "method": _METHOD,
        "json": _JSON,
        "key": key,
        "project": project,
        "buf": _program("buf"),
        "python": sys.executable or "python3",
    }
    skeletons = (
        ("curl (JSON)", _CURL),
        ("buf curl (gRPC, by reflection)", _BUF_CURL),
        ("Python (gRPC, with the generated stubs)", _PYTHON),
    )
    return [(title, skeleton.format_map(texts)) for title, skeleton in skeletons]


def _address(host: str, port: int) -> str:
    reachable = "127.0.0.1" if host in _EVERYWHERE else host
    return f"[{reachable}]:{port}" if ":" in reachable else f"{reachable}:{port}"


def _program(name: str) -> str:
    """Name a program of this environment so that any shell finds it."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.is_file() else shutil.which(name) or name
