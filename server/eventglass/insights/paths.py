"""PATHS: what follows what, step by step."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from eventglass.engine.engine import Rows
from eventglass.insights import dimensions
from eventglass.insights.dimensions import Typed
from eventglass.insights.insight import Insight
from eventglass.planning.paths import Paths, paths_of
from eventglass.planning.scope import Scope
from eventglass.sql.fragment import statement
from eventglass.sql.paths.links import BEYOND, NOTHING, WIDTH, linked
from eventglass.sql.statement import Statement
from insights.v1.breakdown_pb2 import DimensionValue
from insights.v1.paths_pb2 import PathsNode, PathsResult
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec

# A node: its step, from 0, and its place in the order of the step's nodes.
_Place = tuple[int, int]


def plan(spec: QuerySpec, scope: Scope) -> Paths:
    """Resolve a valid spec."""
    return paths_of(spec, scope)


def to_sql(plan: Paths) -> Statement:
    """Compile to one statement: a row per step, node and what follows it."""
    return statement(linked(plan), columns=WIDTH)


@dataclass(slots=True)
class _Graph:
    """Paths by node and link; what is the way in rows is the way of the answer, forwards."""

    values: dict[_Place, DimensionValue] = field(default_factory=dict)
    through: Counter[_Place] = field(default_factory=Counter)
    left: defaultdict[int, Counter[_Place]] = field(default_factory=lambda: defaultdict(Counter))
    links: Counter[tuple[_Place, _Place]] = field(default_factory=Counter)


def shape(plan: Paths, rows: Rows) -> QueryResponse:
    """Make nodes and links of rows.

    The rows (step 1, place 1, "home", target 1, 3 paths), (1, 1, "home", nothing, 2) and (2, 1, "cart",
    nothing, 3) are 5 paths: home 5, of which 2 drop off, and 3 go to cart.
    """
    graph = _read(plan, rows)
    shared_step = plan.max_steps - 1 if plan.to_edge else 0
    result = PathsResult(
        total=sum(count for (step, _), count in graph.through.items() if step == shared_step)
    )
    for place in sorted(graph.values):
        result.nodes.append(_node(plan, graph, place))
    for source, target in sorted(graph.links):
        result.links.add(
            step=source[0],
            source=graph.values[source],
            target=graph.values[target],
            count=graph.links[source, target],
        )
    response = QueryResponse(paths=result)
    if plan.node_is_property:
        nodes = {value.SerializeToString(deterministic=True): (value,) for value in graph.values.values()}
        warnings = dimensions.alike(nodes.values(), field="query.paths.node_property")
        response.metadata.warnings.extend(warnings)
    return response


def _read(plan: Paths, rows: Rows) -> _Graph:
    graph = _Graph()
    for step, rank, value, target, count in zip(*rows.columns, strict=True):
        place = _place(plan, step, rank)
        graph.through[place] += count
        if place not in graph.values:
            graph.values[place] = _value(value)
        if target in (NOTHING, BEYOND):
            graph.left[target][place] += count
        else:
            ends = (place, _place(plan, step + 1, target))
            graph.links[ends[::-1] if plan.to_edge else ends] += count
    return graph


def _place(plan: Paths, step: int, rank: int) -> _Place:
    """Count steps from 0; rows count them from 1, and backwards from the event that ends paths."""
    return (plan.max_steps - step if plan.to_edge else step - 1), rank


def _value(value: Typed) -> DimensionValue:
    """Express a node; other has no value, and every node has one."""
    node = dimensions.message(value)
    return DimensionValue(is_other=True) if node.is_missing else node


def _node(plan: Paths, graph: _Graph, place: _Place) -> PathsNode:
    node = PathsNode(step=place[0], node=graph.values[place], count=graph.through[place])
    if not plan.to_edge:
        node.drop_offs = graph.left[NOTHING][place]
        node.continues = graph.left[BEYOND][place]
    elif place[0] == plan.max_steps - 1:
        node.ends = node.count
    return node


INSIGHT = Insight(plan=plan, to_sql=to_sql, shape=shape)
