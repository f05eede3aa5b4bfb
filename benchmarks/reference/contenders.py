"""Who is timed on an insight: the service by its ways, the bare engine, and what each is compared with."""

from clickhouse_connect.driver.client import Client

from benchmarks.reference.callers import Callers
from benchmarks.reference.insight import Insight
from benchmarks.reference.served import PROJECT, Served
from benchmarks.reference.turns import Contender
from eventglass.insights.registry import insight_of
from eventglass.sql.statement import Statement
from insights.v1.query_service_pb2 import Cache, QueryRequest

# All statements on the bare engine; every time the engine reads what it answers from.
_SETTINGS = {"use_query_condition_cache": 0}


def contenders(insight: Insight, *, server: Served, callers: Callers, client: Client) -> dict[str, Contender]:
    """Name all ways to answer an insight.

    Args:
        insight: what is asked.
        server: the service.
        callers: connections to it.
        client: of its engine, without the service.
    """
    kept = QueryRequest(query=insight.request.query, cache=Cache.CACHE_UNSPECIFIED)
    return {
        "grpc": callers.grpc(insight.request),
        "connect": callers.connect(insight.request),
        "json": callers.json(insight.request),
        "kept": callers.grpc(kept),
        "engine": _on(client, _compiled(insight.request, server)),
        **{way: _on(client, Statement(text=text)) for way, text in insight.statements.items()},
    }


def _compiled(request: QueryRequest, server: Served) -> Statement:
    """Compile a request as the service does."""
    kind = insight_of(request.query)
    return kind.to_sql(kind.plan(request.query, server.backend.scope(PROJECT, "bench")))


def _on(client: Client, statement: Statement) -> Contender:
    parameters = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in statement.parameters.items()
    }

    def run() -> object:
        return client.query(
            statement.text, parameters=parameters, settings=_SETTINGS, column_oriented=True
        ).result_columns

    return run
