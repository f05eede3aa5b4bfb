"""The examples by a TypeScript client, generated with protoc-gen-es, compiled and run on Node."""

import json
import shutil
from pathlib import Path

import google.rpc
import pytest_asyncio

from tests.clients.examples import EXPECTED, EXPECTED_POINTS
from tests.clients.programs import REPOSITORY, output
from tests.wire.servers import Demo

_FOLDER = Path(__file__).parent / "typescript"
_TRANSPORTS = [
    "connect",
    "connect json",
    "connect get",
    "connect fetch",
    "grpc-web",
    "grpc-web fetch",
    "grpc",
]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def program() -> Path:
    """The compiled client."""
    installed = _FOLDER / "node_modules" / ".package-lock.json"
    wanted = _FOLDER / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
        await output("npm", "ci", cwd=_FOLDER)
    shutil.rmtree(_FOLDER / "gen", ignore_errors=True)
    template = str((_FOLDER / "buf.gen.yaml").relative_to(REPOSITORY))
    await output("buf", "generate", "proto", "--template", template)
    # The messages of error details come with a Python package.
    details = Path(next(iter(google.rpc.__path__))) / "error_details.proto"
    await output("buf", "generate", str(details.parents[2]), "--template", template, "--path", str(details))
    await output("npm", "exec", "--", "tsc", cwd=_FOLDER)
    return _FOLDER / "dist" / "main.js"


async def test_the_examples_by_every_transport(demo: Demo, program: Path) -> None:
    question = {
        "http": demo.url,
        "grpc": f"http://127.0.0.1:{demo.ports.grpc}",
        "headers": demo.headers,
        "examples": [json.loads(example) for example in EXPECTED],
    }

    printed = await output("node", str(program), stdin=json.dumps(question))

    lines = [json.loads(line) for line in printed.splitlines()]
    assert [line["transport"] for line in lines] == _TRANSPORTS
    for number, line in enumerate(lines):
        assert line["eventsCreated"] == 1
        assert line["live"] == {
            "streamed": [["watched by a client", "ada", {"via": line["transport"]}]],
            "listed": ["watched by a client"],
            "hasMore": number > 0,
            "events": number + 1,
            "users": 1,
            "top": ["watched by a client"],
        }
        assert [answer["count"] for answer in line["answers"]] == [EXPECTED_POINTS] * len(EXPECTED)
        answers = [[tuple(point) for point in answer["points"]] for answer in line["answers"]]
        assert answers == list(EXPECTED.values()), line["transport"]
        assert (line["error"]["code"], line["error"]["domain"]) == ("InvalidArgument", "eventglass")
        assert "query.time_range" in line["error"]["fields"]
        assert "query.formula" in line["error"]["fields"]
        assert line["audience"] == {"size": 1, "total": 2, "events": 4, "left": 0}, line["transport"]
