"""What callers are held to is no limit of what the server itself looks up to store, gather and start."""

from pathlib import Path

from tests.killing import told

# To look up 50 events and persons takes more of everything than a query may.
PROGRAM = """
    import asyncio, sys
    from pathlib import Path
    from eventglass.engine.embedded import open_embedded
    from eventglass.engine.settings import EngineSettings
    from eventglass.engine.storing import Storing
    from eventglass.identity.register import open_register
    from eventglass.ingest.commit import newest_arrival
    from eventglass.ingest.marks import mark
    from eventglass.ingest.rollups import ROLLUPS, gather
    from eventglass.ingest.writer import open_writer
    from tests.identity.saying import happen, identify

    NARROW = EngineSettings(
        max_seconds=1e-6, max_rows_read=10, max_result_rows=10, max_result_bytes=100, max_groups=10
    )

    async def main() -> None:
        pool = open_embedded(Path(sys.argv[1]), NARROW)
        engine = Storing(pool)
        register, writer = await open_register(engine), await open_writer(engine)
        await happen(writer, "p", *[("view", hour, f"u{hour}") for hour in range(50)])
        for number in range(50):
            await identify(register, "p", f"u{number}")
        writer._storage._unfinished = True  # as after a commit that failed
        await happen(writer, "p", ("view", 51, "u51"))
        await writer.close()
        watermark = writer.watermark("p")
        register, writer = await open_register(engine), await open_writer(engine)
        await writer._filling
        assert writer.watermark("p") == watermark, (writer.watermark("p"), watermark)
        assert writer._newest_of_others == 0
        until = await newest_arrival(engine) + 1
        await gather(pool, until_ms=until)
        assert {await mark(pool, each.table) for each in ROLLUPS} == {until}
        print("told", register.people("p").version > 0)

    asyncio.run(main())
"""


def test_a_server_starts_and_stores_whatever_queries_are_held_to(tmp_path: Path) -> None:
    assert told(PROGRAM, tmp_path) == "True"
