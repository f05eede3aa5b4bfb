"""The way of a question: validate, plan, compile, query, shape. Read this first."""

import time
from collections.abc import Callable
from functools import partial

from eventglass.aside import aside
from eventglass.engine.engine import Answers, Limits, Rows
from eventglass.errors import refuse
from eventglass.insights.metadata import metadata
from eventglass.insights.registry import insight_of
from eventglass.planning.promoted import with_promoted
from eventglass.planning.scope import Scope
from eventglass.spec import audiences, size
from eventglass.spec.validation import violations_of_request
from insights.v1.query_service_pb2 import QueryRequest, QueryResponse

# Rows or points that take so long to shape that other calls should not wait for it: some 10 ms.
_LARGE = 10_000


async def answer(
    request: QueryRequest, scope: Scope, engine: Answers, deadline_seconds: float | None
) -> QueryResponse:
    """Answer one question.

    Args:
        request: as it arrived.
        scope: whose events, and when.
        engine: where they are.
        deadline_seconds: what is left of the caller's time; None for no end.

    Raises:
        InvalidArgumentError: with everything that is wrong with the request.
        EventglassError: as the engine raises them.
    """
    started = time.monotonic()
    violations = [
        *violations_of_request(request, scope.project),
        *audiences.of_spec(request.query, found=scope.audience is not None),
    ]
    refuse(violations)
    insight = insight_of(request.query)
    plan = with_promoted(insight.plan(request.query, scope), scope.promoted)
    statement = insight.to_sql(plan)
    rows = await engine.query(statement, _limits(request, deadline_seconds))
    response = await _shaped(partial(insight.shape, plan, rows), _size(request, scope, rows))
    response.metadata.MergeFrom(metadata(request.query, scope, statement, rows, time.monotonic() - started))
    return response


def _size(request: QueryRequest, scope: Scope, rows: Rows) -> int:
    """Count what shaping goes through: rows, and the points that it makes, also of buckets without rows."""
    return max([size.most(request.query, scope.project), *map(len, rows.columns)])


async def _shaped(shape: Callable[[], QueryResponse], made: int) -> QueryResponse:
    return shape() if made < _LARGE else await aside(shape)


def _limits(request: QueryRequest, deadline_seconds: float | None) -> Limits:
    times = [] if deadline_seconds is None else [deadline_seconds]
    if request.budget.HasField("max_time"):
        times.append(request.budget.max_time.ToTimedelta().total_seconds())
    return Limits(
        max_seconds=min(times, default=None), max_rows_read=int(request.budget.max_rows_read) or None
    )
