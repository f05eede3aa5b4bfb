"""What a server writes on standard error is one JSON object per line, also what libraries say."""

import asyncio
import json
import signal
from pathlib import Path

from tests.wire.server_process import server_process


async def test_what_libraries_say_is_a_line_of_the_log(tmp_path: Path) -> None:
    async with server_process("slow", tmp_path) as (process, ports):
        reader, writer = await asyncio.open_connection("127.0.0.1", ports.http)
        writer.write(b"no HTTP\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
        writer.close()

        process.send_signal(signal.SIGTERM)
        _, log = await process.communicate()

    (line,) = map(json.loads, log.splitlines())
    assert line.pop("timestamp")
    assert line == {"event": "Invalid HTTP request received.", "level": "warning", "logger": "uvicorn.error"}
