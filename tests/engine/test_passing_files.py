"""The files through which rows go into the embedded engine. In processes of their own: each has one."""

from pathlib import Path

from tests.engine.running import run

PROGRAM = """
    import asyncio, shutil, sys, tempfile
    import pyarrow as pa
    import structlog
    from pathlib import Path
    from eventglass.engine.embedded import open_embedded
    from eventglass.engine.engine import Limits
    from eventglass.errors import UnavailableError
    from eventglass.sql.statement import Statement

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    directory = Path(sys.argv[1])

    def rows(number):
        numbers = pa.array([number], pa.uint64())
        return pa.table({"project_id": ["p"], "upper": numbers, "lower": numbers})

    async def main():
        engine = open_embedded(directory)
        tempfile.tempdir = "/nowhere"
        files = directory / "inserts"
        print(files.exists() and [each.name for each in files.iterdir()])
        await engine.insert("event_hashes", rows(1))
        shutil.rmtree(files, ignore_errors=True)
        try:
            await engine.insert("event_hashes", rows(2))
        except UnavailableError as error:
            print(error.reason)
        files.mkdir()
        await engine.insert("event_hashes", rows(3))
        print(*(await engine.query(Statement(text="SELECT count() FROM event_hashes"), Limits())).columns)
        await engine.close()

    asyncio.run(main())
"""


def test_rows_pass_through_the_data_directory_and_what_a_kill_left_there_is_gone(tmp_path: Path) -> None:
    left = tmp_path / "inserts" / "tmpx.raw"
    left.parent.mkdir()
    left.write_text("somebody's events")

    assert run(PROGRAM, str(tmp_path)).splitlines() == ["[]", "NOT_STORED", "[2]"]


def test_a_directory_whose_name_the_engine_reads_as_a_pattern_is_no_less_good(tmp_path: Path) -> None:
    directory = tmp_path / "{a,b}*"
    directory.mkdir()

    assert run(PROGRAM.replace('"/nowhere"', "None"), str(directory)).splitlines() == ["False", "[3]"]
