"""insights.v1.InsightsService: unwrap, answer, wrap."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from eventglass.catalog.ask import ask
from eventglass.catalog.project import Grant, Project
from eventglass.engine.engine import Answers, Limits, Rows
from eventglass.engine.memory import Memory
from eventglass.errors import Violation
from eventglass.planning.scope import Scope, ScopeOf
from eventglass.sql.statement import Statement
from eventglass.transport.call import Call, Method, Reply, method
from insights.v1 import query_service_pb2
from insights.v1.filter_pb2 import FilterExpression
from insights.v1.query_service_pb2 import Cache, QueryRequest, QueryResponse

Answer = Callable[[QueryRequest, Scope, Answers, float | None], Awaitable[QueryResponse]]

_SERVICE = query_service_pb2.DESCRIPTOR.services_by_name["InsightsService"]


def insights_service(
    *,
    answer: Answer,
    rules: Callable[[QueryRequest, Project], Sequence[Violation]],
    engine: Answers,
    memory: Memory | None = None,
    scope: ScopeOf,
    audience: Callable[[str, str], FilterExpression | None],
) -> list[Method]:
    """Make the service's methods.

    Args:
        answer: the pipeline.
        rules: what it says about a request before it plans it.
        engine: where events are.
        memory: keeps its answers; None where other servers change what it stores.
        scope: says what a question about a project looks at, by the question's id.
        audience: the tree of a project's audience, by the ids of both; None without one. May block.
    """

    async def query(request: QueryRequest, call: Call, grant: Grant) -> Reply:
        looked_at = await scope(grant.project, call.request_id)
        answers = engine
        if memory is not None and request.cache != Cache.CACHE_NO_CACHE:
            # Of this very moment: while the scope was made, events may have been waited for.
            answers = memory.of(grant.project.id)
        if request.query.audience_id:
            tree = await ask(audience, grant.project.id, request.query.audience_id)
            looked_at = replace(looked_at, audience=tree)
        timed = _Timed(answers)
        response = await answer(request, looked_at, timed, call.remaining())
        return Reply(message=response, rows=int(response.metadata.rows_read), engine_seconds=timed.seconds)

    return [method(_SERVICE.methods_by_name["Query"], QueryRequest, query, rules=rules)]


@dataclass(slots=True)
class _Timed:
    """What answers one question's statements, and how long the engine took for them."""

    answers: Answers
    seconds: float = 0.0

    async def query(self, statement: Statement, limits: Limits) -> Rows:
        rows = await self.answers.query(statement, limits)
        self.seconds += rows.seconds
        return rows
