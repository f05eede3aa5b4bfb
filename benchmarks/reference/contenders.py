"""Who is timed on an insight: the service by its ways, its engine alone, and what they are compared with."""

import asyncio
from collections.abc import Mapping

from clickhouse_connect.driver.client import Client

from benchmarks.reference.answers import difference, of_response, of_table
from benchmarks.reference.callers import Callers
from benchmarks.reference.engines import SETTINGS, Engine
from benchmarks.reference.insight import SCAN, Insight, compiled
from benchmarks.reference.promise import promise
from benchmarks.reference.served import PROJECT, Served
from benchmarks.reference.turns import Contender
from insights.v1.query_service_pb2 import Cache, QueryRequest


def contenders(
    insight: Insight, *, server: Served, callers: Callers, client: Client, engines: Mapping[str, Engine]
) -> dict[str, Contender]:
    """Name all ways to answer an insight.

    Args:
        insight: what is asked.
        server: the service.
        callers: connections to it.
        client: of its engine, without the service.
        engines: where statements run, by their ways.
    """
    kept = QueryRequest(query=insight.request.query, cache=Cache.CACHE_UNSPECIFIED)
    return {
        "grpc": callers.grpc(insight.request),
        "connect": callers.connect(insight.request),
        "json": callers.json(insight.request),
        "kept": callers.grpc(kept),
        "engine": _compiled(insight.request, server, client),
        **{way: _all(statements, engines[way]) for way, statements in insight.statements.items()},
    }


def check(insight: Insight, *, callers: Callers, engines: Mapping[str, Engine]) -> dict[str, float]:
    """Tell how far each way's answer is from the service's.

    Raises:
        ValueError: further than it promises.
    """
    ours = of_response(callers.grpc(insight.request)())
    found = {}
    for way, statements in insight.statements.items():
        if way != SCAN:
            found[way] = difference(ours, of_table(engines[way](statements[0])))
            promise(statements[0]).check(found[way], name=f"{way} of {insight.name}")
    return found


def _compiled(request: QueryRequest, server: Served, client: Client) -> Contender:
    """Run the statement that the service runs, and read its columns."""
    scope = asyncio.run(server.backend.scope(PROJECT, "bench"))
    statement = compiled(request.query, scope)
    parameters = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in statement.parameters.items()
    }
    return lambda: (
        client.query(
            statement.text, parameters=parameters, settings=SETTINGS, column_oriented=True
        ).result_columns
    )


def _all(statements: tuple[str, ...], engine: Engine) -> Contender:
    def run() -> None:
        for statement in statements:
            engine(statement)

    return run
