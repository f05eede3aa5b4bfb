"""`eventglass query FILE|-`: one answer, from a running server or straight from a data directory."""

import argparse
import asyncio
import json
import shutil
import sys
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Final

from rich.console import Console

from eventglass.cli import place
from eventglass.cli.answer import print_answer
from eventglass.cli.legible import legible_json
from eventglass.cli.place import Place
from eventglass.cli.remote import Remote
from eventglass.errors import NotFoundError, UnavailableError
from eventglass.spec.validation import violations_of_request
from eventglass.transport.decoding import Encoding, decode
from eventglass.transport.json_encoder import to_json
from insights.v1.query_service_pb2 import QueryRequest, QueryResponse

_METHOD: Final = "/insights.v1.InsightsService/Query"
_STDIN: Final = "-"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the query and where it is asked."""
    parser.add_argument("file", help="a QuerySpec or QueryRequest as JSON; - reads standard input")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    place.arguments(parser)


def run(given: argparse.Namespace) -> int:
    """Print one answer."""
    request = _read(given.file)
    response = _ask(request, place.place_of(given))
    if given.json:
        sys.stdout.buffer.write(legible_json(to_json(response)) + b"\n")
        sys.stdout.buffer.flush()
    else:
        console = Console()
        # 0, as some shells without a terminal say, is unknown.
        console.width = console.width or shutil.get_terminal_size().columns
        print_answer(response, console)
    return 0


def _read(name: str) -> QueryRequest:
    """Read a request, as strictly as the server does.

    Raises:
        InvalidArgumentError: with everything that is wrong with it.
    """
    data = sys.stdin.buffer.read() if name == _STDIN else Path(name).read_bytes()
    return decode(_as_request(data), Encoding.JSON, QueryRequest, violations_of_request)


def _as_request(data: bytes) -> bytes:
    """Put a bare QuerySpec into a QueryRequest. What is no JSON is told about where it is read."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return data
    is_request = not isinstance(content, dict) or "query" in content
    return data if is_request else b'{"query": %b}' % data


def _ask(request: QueryRequest, where: Place) -> QueryResponse:
    if where.url:
        return _ask_server(request, where, where.url)
    if not where.settings.clickhouse_dsn and not where.settings.data_dir.exists():
        raise NotFoundError(f"there is no data directory {where.settings.data_dir}; name one, or a --url")
    try:
        return asyncio.run(_ask_engine(request, where))
    except UnavailableError as error:
        if error.reason != "DATA_DIRECTORY_IN_USE":
            raise
        if not where.key:
            message = f"{error.message}; to ask the server that runs there, add --key KEY"
            raise UnavailableError(message, reason=error.reason) from error
    return _ask_server(request, where, where.usual_url)


def _ask_server(request: QueryRequest, where: Place, url: str) -> QueryResponse:
    with Remote(url=url, key=where.key, project=where.project) as remote:
        return remote.call(_METHOD, request, QueryResponse)


async def _ask_engine(request: QueryRequest, where: Place) -> QueryResponse:
    from eventglass import pipeline  # noqa: PLC0415 - the engine takes a second, and no server needs it here
    from eventglass.backend import opened  # noqa: PLC0415

    async with opened(where.settings) as backend:
        scope = replace(
            await backend.scope(backend.catalog.project(where.project), uuid.uuid4().hex),
            audience=backend.audiences.tree(where.project, request.query.audience_id),
        )
        return await pipeline.answer(request, scope, backend.engine, None)
