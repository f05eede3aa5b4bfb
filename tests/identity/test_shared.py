"""A server that does not know what others have stored finds it out."""

from dataclasses import replace

from google.protobuf.json_format import ParseDict

from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.writer import Writer
from eventglass.pipeline import answer
from eventglass.planning.people import WHOEVER
from insights.v1.query_service_pb2 import QueryRequest
from tests.identity.saying import MAY, erase, happen, identify, looking
from tests.identity.test_erasure import LATER

USERS = {
    "aggregation": "AGGREGATION_UNIQUE_USERS",
    "visualization": "VISUALIZATION_KPI",
    "timeRange": MAY,
    "where": {"not": {"filter": {"property": "$user.plan", "operator": "OPERATOR_EQUALS", "value": "free"}}},
}


async def _users(engine: Pool, register: Register, project_id: str) -> float:
    scope = replace(looking(register, project_id), people=WHOEVER)
    response = await answer(ParseDict({"query": USERS}, QueryRequest()), scope, engine, None)
    return response.kpis[0].value


async def test_it_sees_joins_traits_and_erasures(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 1, "~phone"), ("a", 2, "ann"), ("a", 3, "bob"), ("a", 4, "eve"))
    seen = [await _users(engine, register, project_id)]

    await identify(register, project_id, "ann", "phone")
    seen.append(await _users(engine, register, project_id))
    await identify(register, project_id, "eve", traits={"plan": "free"})
    seen.append(await _users(engine, register, project_id))
    await erase(register, project_id, "phone", now=LATER)
    seen.append(await _users(engine, register, project_id))

    assert seen == [4, 3, 2, 1]
