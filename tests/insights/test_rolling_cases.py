"""What was once wrong with rolling windows, each as a case."""

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
