"""The two data sets that come along, imported twice: known figures, nothing doubled."""

from datetime import UTC, datetime
from pathlib import Path

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.ingest.importer import Summary, import_file
from eventglass.ingest.mapping import Mapping
from eventglass.ingest.writer import Writer
from eventglass.sql.statement import Statement

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = datetime(2026, 5, 1, tzinfo=UTC)


async def figures(engine: Pool, project_id: str, columns: str) -> list[object]:
    statement = Statement(
        text=f"SELECT {columns} FROM events WHERE project_id = {{project:String}}",
        parameters={"project": project_id},
    )
    return [column[0] for column in (await engine.query(statement, Limits())).columns]


async def test_cdnow(engine: Pool, writer: Writer, project_id: str) -> None:
    path = EXAMPLES / "cdnow" / "purchases.txt.gz"
    mapping = Mapping(name="purchase", user_id="customer_id", timestamp="date")

    first = await import_file(path, mapping, project_id=project_id, writer=writer, now=NOW)
    again = await import_file(path, mapping, project_id=project_id, writer=writer, now=NOW)

    assert first == Summary(accepted=69_659, known=0, refused=())
    assert again == Summary(accepted=0, known=69_659, refused=())
    cents = "sum(toInt64(round(properties.dollar_value.:Float64 * 100)))"
    assert await figures(engine, project_id, f"count(), uniqExact(person), {cents}") == [
        69_659,
        23_570,
        250_031_563,
    ]


async def test_the_shop(engine: Pool, writer: Writer, project_id: str) -> None:
    path = EXAMPLES / "shop" / "events.csv.gz"
    mapping = Mapping(name_column="event", user_id="user_id", session_id="session_id", timestamp="timestamp")

    first = await import_file(path, mapping, project_id=project_id, writer=writer, now=NOW)
    again = await import_file(path, mapping, project_id=project_id, writer=writer, now=NOW)

    assert first == Summary(accepted=31_106, known=0, refused=())
    assert again == Summary(accepted=0, known=31_106, refused=())
    columns = "count(), uniqExact(person), uniqExact(session), uniqExact(event), countIf(event = 'purchase')"
    assert await figures(engine, project_id, columns) == [31_106, 600, 3_605, 19, 470]
