"""What was acknowledged is there after a kill -9, once."""

import random
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterable
from pathlib import Path

WRITE = """
    import asyncio, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from events.v1.event_pb2 import Event
    from eventglass.engine.embedded import open_embedded
    from eventglass.ingest.writer import open_writer

    async def main() -> None:
        engine = open_embedded(Path(sys.argv[1]))
        writer = await open_writer(engine)
        number = int(sys.argv[2])
        while True:
            events = [Event(name="x", event_id=f"{number}-{index}") for index in range(100)]
            for index, event in enumerate(events):
                event.timestamp.seconds = index * 10_000_000  # of many months, so of many parts
            await writer.write("p", events, now=datetime.now(UTC), sent_at=None)
            print("stored", number, flush=True)
            number += 1

    asyncio.run(main())
"""

CHECK = """
    import asyncio, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from events.v1.event_pb2 import Event
    from eventglass.engine.embedded import open_embedded
    from eventglass.engine.engine import Limits
    from eventglass.ingest.writer import open_writer
    from eventglass.sql.statement import Statement

    async def main() -> None:
        engine = open_embedded(Path(sys.argv[1]))
        writer = await open_writer(engine)
        for number in map(int, sys.argv[2:]):
            events = [Event(name="x", event_id=f"{number}-{index}") for index in range(100)]
            await writer.write("p", events, now=datetime.now(UTC), sent_at=None)
        await writer.close()
        text = "SELECT count(), uniqExact(event_id), uniqExact(splitByChar('-', event_id)[1]) FROM events"
        columns = (await engine.query(Statement(text=text), Limits())).columns
        text = "SELECT count(), uniqExact(hash) FROM event_ids"
        columns = [*columns, *(await engine.query(Statement(text=text), Limits())).columns]
        print(*(column[0] for column in columns))
        await engine.close()

    asyncio.run(main())
"""


def _stored(output: Iterable[str]) -> list[str]:
    # Beside what it stored, the writer logs what an earlier one left unfinished.
    return [line for line in output if line.startswith("stored ")]


def _first_stored(output: Iterable[str]) -> str:
    for line in output:
        if line.startswith("stored "):
            return line
    raise AssertionError("it never wrote anything")


def test_acknowledged_batches_outlive_kills_and_none_counts_twice(tmp_path: Path) -> None:
    acknowledged = 0
    for _ in range(3):
        command = [sys.executable, "-c", textwrap.dedent(WRITE), str(tmp_path), str(acknowledged)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            lines = [_first_stored(process.stdout)]
            time.sleep(random.uniform(0.0, 0.5))
            process.kill()
            lines += _stored(process.stdout)
            assert lines == [f"stored {acknowledged + index}\n" for index in range(len(lines))]
            acknowledged += len(lines)

    # The one that was cut off, and those before it, come again.
    again = [str(number) for number in range(max(0, acknowledged - 2), acknowledged + 1)]
    command = [sys.executable, "-c", textwrap.dedent(CHECK), str(tmp_path), *again]
    checked = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)

    batches = acknowledged + 1
    events = 100 * batches
    assert list(map(int, checked.stdout.splitlines()[-1].split())) == [
        events,
        events,
        batches,
        events,
        events,
    ]
