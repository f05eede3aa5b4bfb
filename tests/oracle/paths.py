"""PATHS: what follows what (semantics 16)."""

from collections import Counter
from collections.abc import Iterable, Sequence

from insights.v1.breakdown_pb2 import Breakdown, DimensionValue
from insights.v1.paths_pb2 import PathsLink, PathsNode, PathsResult
from tests.oracle.breakdowns import dimension_values
from tests.oracle.history import StoredEvent
from tests.oracle.question import Question
from tests.oracle.values import OTHER, Dimension
from tests.oracle.walks import Path, all_paths

DEFAULT_NODES = 10


def paths(question: Question, events: Sequence[StoredEvent]) -> PathsResult:
    """Answer with the paths' nodes and links by step."""
    found = all_paths(question, [event for event in events if event.time <= question.now])
    kept = _kept(found, question.spec.paths.max_nodes or DEFAULT_NODES)
    shown = [_shown(path, kept) for path in found]
    order = _order(shown)
    return PathsResult(
        total=len(found),
        nodes=[_node(shown, step, node) for step, node in order],
        links=_links(shown, order),
    )


def _kept(found: Iterable[Path], most: int) -> set[tuple[int, Dimension]]:
    """The nodes of each step that most paths have; of equal ones the first in the order of 6.4."""
    by_step: dict[int, Counter[Dimension]] = {}
    for path in found:
        for step, node in path.steps():
            by_step.setdefault(step, Counter())[node] += 1
    return {
        (step, node)
        for step, counts in by_step.items()
        for node in sorted(counts, key=lambda node: (-counts[node], node))[:most]
    }


def _shown(path: Path, kept: set[tuple[int, Dimension]]) -> Path:
    """The path with every node that is not kept at its step made other."""
    nodes = tuple(node if (step, node) in kept else OTHER for step, node in path.steps())
    return Path(first_step=path.first_step, nodes=nodes, continues=path.continues, is_ended=path.is_ended)


def _order(shown: Iterable[Path]) -> list[tuple[int, Dimension]]:
    """All nodes: by step, the most frequent first, other last."""
    counts = Counter(place for path in shown for place in path.steps())
    return sorted(counts, key=lambda place: (place[0], place[1] == OTHER, -counts[place], place[1]))


def _node(shown: Iterable[Path], step: int, node: Dimension) -> PathsNode:
    through = [path for path in shown if (step, node) in path.steps()]
    last = [path for path in through if path.last_step == step]
    return PathsNode(
        step=step,
        node=_spelled(node),
        count=len(through),
        drop_offs=sum(not path.continues and not path.is_ended for path in last),
        continues=sum(path.continues for path in last),
        ends=sum(path.is_ended for path in last),
    )


def _links(shown: Iterable[Path], order: Sequence[tuple[int, Dimension]]) -> list[PathsLink]:
    """All links: by step, then in the order of their sources and targets."""
    counts = Counter(link for path in shown for link in path.links())
    place = {node: at for at, node in enumerate(order)}
    return [
        PathsLink(
            step=step, source=_spelled(source), target=_spelled(target), count=counts[step, source, target]
        )
        for step, source, target in sorted(
            counts, key=lambda link: (place[link[0], link[1]], place[link[0] + 1, link[2]])
        )
    ]


def _spelled(node: Dimension) -> DimensionValue:
    return dimension_values((node,), Breakdown())[0]
