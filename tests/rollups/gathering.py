"""Events of sessions, what is gathered of them, and questions that read it."""

from typing import Any

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.ingest.commit import newest_arrival
from eventglass.ingest.rollups import gather
from eventglass.sql.statement import Statement
from events.v1.event_pb2 import Event
from tests.insights.asking import ask, did

DAY = 86_400_000

SESSIONS = {"aggregation": "AGGREGATION_EVENTS_PER_SESSION", "visualization": "VISUALIZATION_KPI"}

LENGTHS = {"aggregation": "AGGREGATION_AVERAGE_SESSION_DURATION", "visualization": "VISUALIZATION_KPI"}

BOUNCES = {
    "events": [{"aggregation": "AGGREGATION_SESSIONS"}, {"aggregation": "AGGREGATION_BOUNCE_RATE"}],
    "visualization": "VISUALIZATION_KPI",
}


def at(day: float, session: str = "s", name: str = "x") -> Event:
    """An event of a session, so many days from 1 May 2026."""
    event = did(name, int(day * DAY))
    event.session_id = session
    return event


async def hours(engine: Pool, project_id: str) -> list[tuple[str, int]]:
    """Say who was active in which hour, as it is gathered."""
    text = "SELECT toString(hour), person FROM active_hours FINAL WHERE project_id = {p:String} ORDER BY ALL"
    rows = await engine.query(Statement(text=text, parameters={"p": project_id}, columns=2), Limits())
    return [(hour.removesuffix(":00:00.000"), person) for hour, person in zip(*rows.columns, strict=True)]


async def noted(engine: Pool, project_id: str) -> list[str]:
    """Say which days are noted, once each."""
    text = "SELECT toString(day) FROM session_days FINAL WHERE project_id = {p:String} ORDER BY day"
    rows = await engine.query(Statement(text=text, parameters={"p": project_id}, columns=1), Limits())
    return [str(day) for day in rows.columns[0]]


async def gather_all(engine: Pool) -> None:
    await gather(engine, until_ms=await newest_arrival(engine) + 1)


async def bounces(engine: Pool, project_id: str, **scope: Any) -> tuple[float, float]:
    """Give how many sessions begin on 1 May 2026, and which share of them bounces."""
    counted, bounced = (await ask(engine, project_id, BOUNCES, **scope)).kpis
    return counted.value, bounced.value


async def per_session(engine: Pool, project_id: str) -> float:
    """Give the events of a session that begins on 1 May 2026."""
    return (await ask(engine, project_id, SESSIONS)).kpis[0].value


async def long(engine: Pool, project_id: str) -> list[tuple[int, str]]:
    """Say which days of sessions with several are noted besides, once each."""
    text = "SELECT session, toString(day) FROM long_sessions FINAL WHERE project_id = {p:String} ORDER BY ALL"
    rows = await engine.query(Statement(text=text, parameters={"p": project_id}, columns=2), Limits())
    return list(zip(*rows.columns, strict=True))
