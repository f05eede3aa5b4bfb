"""What must hold of every answer of paths, whatever the question: nobody gets lost (semantics 16.8)."""

from collections import defaultdict

from insights.v1.breakdown_pb2 import DimensionValue
from insights.v1.paths_pb2 import PathsResult
from insights.v1.query_spec_pb2 import QuerySpec

DEFAULT_STEPS = 5

_Place = tuple[int, bytes]


def account_for_all(spec: QuerySpec, result: PathsResult) -> None:
    """Fail unless each node's paths are those that come, and those that go on, drop off, are cut or end."""
    into: defaultdict[_Place, float] = defaultdict(float)
    out: defaultdict[_Place, float] = defaultdict(float)
    for link in result.links:
        out[_place(link.step, link.source)] += link.count
        into[_place(link.step + 1, link.target)] += link.count
    is_to_end = spec.paths.HasField("end_event")
    for node in result.nodes:
        place = _place(node.step, node.node)
        assert node.count == out[place] + node.drop_offs + node.continues + node.ends
        if is_to_end:
            assert into[place] <= node.count  # the others begin there
        else:
            assert node.step == 0 or into[place] == node.count
    assert {*into, *out} <= {_place(node.step, node.node) for node in result.nodes}
    whole = (spec.paths.max_steps or DEFAULT_STEPS) - 1 if is_to_end else 0
    assert sum(node.count for node in result.nodes if node.step == whole) == result.total
    assert sum(node.drop_offs + node.continues + node.ends for node in result.nodes) == result.total


def _place(step: int, node: DimensionValue) -> _Place:
    return step, node.SerializeToString(deterministic=True)
