"""What was once wrong with rolling windows, each as a case."""

from datetime import UTC, datetime

from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from tests.insights.asking import ask, did, store

HOUR = 3_600_000


async def test_a_window_that_starts_after_the_range_ends_sees_nobody(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    """The year's window is its last second; the comparison ends before that, the main range goes on."""
    await store(writer, project_id, [did("a", 0), did("a", 2 * HOUR)])
    spec = {
        "aggregation": "AGGREGATION_UNIQUE_USERS",
        "granularity": "GRANULARITY_YEAR",
        "rollingWindow": "1.500s",
        "comparisons": [{"timeRange": {"start": "2026-05-01T00:00:00Z", "end": "2026-05-01T13:00:00Z"}}],
    }

    response = await ask(engine, project_id, spec)

    assert [(point.comparison, point.value) for point in response.series] == [("", 0), ("time_range", 0)]


async def test_a_day_is_a_day_where_the_calendar_skips_the_next(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    """In Samoa 29 December 2011 ended as the 31st began: whoever came on the 29th came on that day."""
    event = did("a", 0)
    event.timestamp.FromDatetime(datetime(2011, 12, 30, 9, tzinfo=UTC))
    await store(writer, project_id, [event])
    spec = {
        "aggregation": "AGGREGATION_UNIQUE_USERS",
        "rollingWindow": "86400s",
        "timezone": "Pacific/Apia",
        "timeRange": {"start": "2011-12-28T10:00:00Z", "end": "2011-12-31T10:00:00Z"},
    }

    response = await ask(engine, project_id, spec)

    assert [point.value for point in response.series] == [0, 1, 0]
