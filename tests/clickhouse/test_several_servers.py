"""Several servers on one ClickHouse: what they may do at the same time, and one after the other."""

import asyncio
from pathlib import Path

from eventglass.engine.clickhouse import open_clickhouse
from eventglass.engine.settings import EngineSettings
from tests.clickhouse.conftest import running
from tests.engine.asking import ask


async def test_servers_that_make_the_tables_at_once_all_start(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        opening = [
            asyncio.to_thread(open_clickhouse, server.dsn, EngineSettings(clients=1)) for _ in range(3)
        ]
        opened = await asyncio.gather(*opening)

        assert [list((await ask(each, "SELECT count() FROM events"))[0]) for each in opened] == [[0]] * 3
        for each in opened:
            await each.close()
