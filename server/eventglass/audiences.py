"""AudiencesService.EstimateSize: validated, planned, compiled, asked."""

from audiences.v1.audiences_service_pb2 import EstimateSizeResponse
from eventglass.engine.engine import Answers, Limits
from eventglass.planning.audience_size import plan_size
from eventglass.planning.scope import Scope
from eventglass.sql.audience import audience_size
from insights.v1.filter_pb2 import FilterExpression


async def estimate_size(
    where: FilterExpression, scope: Scope, engine: Answers, deadline_seconds: float | None
) -> EstimateSizeResponse:
    """Count the people in an audience.

    Args:
        where: the audience's tree; valid.
        scope: whose events, and when.
        engine: where they are.
        deadline_seconds: what is left of the caller's time; None for no end.

    Raises:
        EventglassError: as the engine raises them.
    """
    size = plan_size(where, scope)
    rows = await engine.query(audience_size(size), Limits(max_seconds=deadline_seconds))
    (members,), (total,) = rows.columns
    response = EstimateSizeResponse(size=members, total=total)
    response.as_of.FromDatetime(size.as_of)
    return response
