"""Several servers on one ClickHouse: what they may do at the same time, and one after the other."""

import asyncio
from datetime import timedelta
from pathlib import Path

from structlog.testing import capture_logs

from eventglass.engine.clickhouse import open_clickhouse
from eventglass.engine.pool import Pool
from eventglass.engine.settings import EngineSettings
from eventglass.ingest.writer import open_writer
from tests.clickhouse.conftest import running
from tests.engine.asking import ask
from tests.ingest.looking import NOW, ids, send

# By the clock of another server.
AHEAD = NOW + timedelta(minutes=1)


async def test_servers_that_make_the_tables_at_once_all_start(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        opening = [
            asyncio.to_thread(open_clickhouse, server.dsn, EngineSettings(clients=1)) for _ in range(3)
        ]
        opened = await asyncio.gather(*opening)

        assert [list((await ask(each, "SELECT count() FROM events"))[0]) for each in opened] == [[0]] * 3
        for each in opened:
            await each.close()


async def test_events_that_another_server_has_stored_count_once(engine: Pool, project_id: str) -> None:
    first, second = await open_writer(engine), await open_writer(engine)
    await send(second, project_id, "before")
    await send(first, project_id, "a", "b")

    with capture_logs() as logs:
        # At once, and when the first one has written its hashes.
        await send(second, project_id, "a", "c")
        await first.close()
        await send(second, project_id, "b", "c", "d")
    await second.close()

    assert await ids(engine, project_id) == ["a", "b", "before", "c", "d"]
    assert [each["event"] for each in logs if each["log_level"] == "error"] == [
        "another server stores events in this database: what is sent to both may count twice"
    ]


async def test_what_is_stored_behind_another_server_arrives_later(engine: Pool, project_id: str) -> None:
    first, second = await open_writer(engine), await open_writer(engine)
    await send(first, project_id, "a", now=AHEAD)

    await send(second, project_id, "b")
    await first.close()
    await second.close()

    statement = "SELECT event_id FROM events WHERE project_id = {project:String} ORDER BY received_at"
    ((*found,),) = await ask(engine, statement, project=project_id)
    assert found == ["a", "b"]
    assert (second.watermark(project_id) or AHEAD) > AHEAD
