"""Short ways to say who somebody is, and to ask how many they are."""

from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict

from eventglass.catalog.project import Project
from eventglass.engine.engine import Engine
from eventglass.identity.register import Register
from eventglass.identity.told import aliased, erased, identified
from eventglass.ingest.times import milliseconds
from eventglass.ingest.writer import Writer
from eventglass.pipeline import answer
from eventglass.planning.scope import Scope
from events.v1.event_pb2 import Event
from insights.v1.query_service_pb2 import QueryRequest
from insights.v1.query_spec_pb2 import QuerySpec
from profiles.v1.profiles_sdk_service_pb2 import AliasRequest, IdentifyRequest
from profiles.v1.profiles_service_pb2 import DeleteRequest, DeleteUserRequest

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MAY = {"start": "2026-05-01T00:00:00Z", "end": "2026-06-01T00:00:00Z"}
_FIRST = datetime(2026, 5, 1, tzinfo=UTC)


async def identify(register: Register, project_id: str, user: str, anonymous: str = "", **fields: Any) -> str:
    """Call Identify; `fields` are those of its JSON."""
    request = ParseDict({"externalId": user, "anonymousId": anonymous, **fields}, IdentifyRequest())
    return await register.tell(identified(request, project_id, milliseconds(NOW)))


async def alias(register: Register, project_id: str, previous: str, user: str) -> str:
    """Call Alias."""
    request = AliasRequest(previous_id=previous, external_id=user)
    return await register.tell(aliased(request, project_id, milliseconds(NOW)))


async def erase(
    register: Register, project_id: str, who: str, *, now: datetime = NOW, with_events: bool = True
) -> None:
    """Call DeleteUser, or Delete."""
    scope = Scope(project=Project(id=project_id), now=now, watermark=None, query_id="q")
    request = DeleteUserRequest(id=who) if with_events else DeleteRequest(id=who)
    await register.tell(erased(request, scope))


async def happen(
    writer: Writer, project_id: str, *events: tuple[str, float, str], now: datetime = NOW
) -> None:
    """Store events: a name, the hour of May, and who: a user's id, or an anonymous one after a `~`."""
    sent = [
        ParseDict(
            {
                "name": name,
                "timestamp": (_FIRST + timedelta(hours=hour)).isoformat(),
                "anonymousId" if who.startswith("~") else "userId": who.removeprefix("~"),
            },
            Event(),
        )
        for name, hour, who in events
    ]
    reply = await writer.write(project_id, sent, now=now, sent_at=None)
    assert not reply.rejected


def looking(register: Register, project_id: str, *, now: datetime = NOW) -> Scope:
    """Look at all that there is."""
    return Scope(
        project=Project(id=project_id),
        now=now,
        watermark=datetime(2200, 1, 1, tzinfo=UTC),
        query_id="q",
        people=register.people(project_id),
    )


async def ask(
    engine: Engine, register: Register, project_id: str, spec: dict[str, Any], *, now: datetime = NOW
) -> dict[str, Any]:
    """Ask about May."""
    scope = looking(register, project_id, now=now)
    request = QueryRequest(query=ParseDict({"timeRange": MAY, **spec}, QuerySpec()))
    response = await answer(request, scope, engine, None)
    found: dict[str, Any] = MessageToDict(response, always_print_fields_with_no_presence=True)
    return found


async def funnel(engine: Engine, register: Register, project_id: str, *steps: str) -> list[float]:
    """Count the persons of each step."""
    spec = {"events": [{"name": each} for each in steps], "visualization": "VISUALIZATION_FUNNEL"}
    found = await ask(engine, register, project_id, {**spec, "conversionWindow": "2592000s"})
    return [each["count"] for each in found["funnel"]["steps"]]


async def users(
    engine: Engine, register: Register, project_id: str, *, now: datetime = NOW, **traits: str
) -> float:
    """Count the persons of all events, or those who have some traits now."""
    spec = {
        "aggregation": "AGGREGATION_UNIQUE_USERS",
        "visualization": "VISUALIZATION_KPI",
        "filters": [
            {"property": f"$user.{name}", "operator": "OPERATOR_EQUALS", "value": value}
            for name, value in traits.items()
        ],
    }
    found = await ask(engine, register, project_id, spec, now=now)
    number: float = found["kpis"][0]["value"]
    return number
