"""What a kind of insight is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from eventglass.engine.engine import Rows
from eventglass.planning.scope import Scope
from eventglass.sql.statement import Statement
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec

Plan = TypeVar("Plan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight(Generic[Plan]):
    """A kind of insight: three pure functions.

    Args:
        plan: makes every default and relative value of a valid spec explicit.
        to_sql: compiles a plan to one statement.
        shape: turns the statement's rows into the answer, without its metadata.
    """

    plan: Callable[[QuerySpec, Scope], Plan]
    to_sql: Callable[[Plan], Statement]
    shape: Callable[[Plan, Rows], QueryResponse]
