"""What was acknowledged is there after a kill -9, once."""

from pathlib import Path

import pytest

from tests.killing import killed_again_and_again, told

WRITE = """
    import asyncio, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from events.v1.event_pb2 import Event
    from eventglass.engine.embedded import open_embedded
    from eventglass.ingest.journal import Journal
    from eventglass.ingest.writer import open_writer

    async def main() -> None:
        engine = open_embedded(Path(sys.argv[1]))
        writer = await open_writer(engine, JOURNAL)
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
    from eventglass.ingest.journal import Journal
    from eventglass.sql.statement import Statement

    async def main() -> None:
        engine = open_embedded(Path(sys.argv[1]))
        writer = await open_writer(engine, JOURNAL)
        for number in map(int, sys.argv[2:]):
            events = [Event(name="x", event_id=f"{number}-{index}") for index in range(100)]
            await writer.write("p", events, now=datetime.now(UTC), sent_at=None)
        await writer.close()
        text = "SELECT count(), uniqExact(event_id), uniqExact(splitByChar('-', event_id)[1]) FROM events"
        columns = (await engine.query(Statement(text=text), Limits())).columns
        text = "SELECT count(), uniqExact(upper, lower) FROM event_hashes"
        columns = [*columns, *(await engine.query(Statement(text=text), Limits())).columns]
        print("told", *(column[0] for column in columns))
        await engine.close()

    asyncio.run(main())
"""


@pytest.mark.parametrize(
    "journal", ["None", 'Journal(Path(sys.argv[1]) / "journal")'], ids=["direct", "journal"]
)
def test_acknowledged_batches_outlive_kills_and_none_counts_twice(tmp_path: Path, journal: str) -> None:
    write, check = (program.replace("JOURNAL", journal) for program in (WRITE, CHECK))
    acknowledged = killed_again_and_again(write, tmp_path)

    # The one that was cut off, and those before it, come again.
    counts = told(check, tmp_path, *range(max(0, acknowledged - 2), acknowledged + 1))

    batches = acknowledged + 1
    events = 100 * batches
    assert [int(count) for count in counts.split()] == [events, events, batches, events, events]
