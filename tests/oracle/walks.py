"""The paths of a question: whose events, in which order, cut where (semantics 16.1 to 16.7)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from insights.v1.paths_pb2 import PathsBy
from tests.oracle.filters import passes
from tests.oracle.funnel_rules import milliseconds
from tests.oracle.history import StoredEvent
from tests.oracle.question import Question
from tests.oracle.selection import selected
from tests.oracle.values import MISSING, Dimension, Kind, dimension_of, read
from tests.oracle.zones import HOUR

DEFAULT_STEPS = 5
DEFAULT_GAP = HOUR // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """What is shown of one path.

    Args:
        first_step: The step of its first node.
        nodes: One for each step from there on; at least one.
        continues: It goes on beyond the last step.
        is_ended: Its last node is the end event.
    """

    first_step: int
    nodes: tuple[Dimension, ...]
    continues: bool
    is_ended: bool

    @property
    def last_step(self) -> int:
        """The step of its last node."""
        return self.first_step + len(self.nodes) - 1

    def steps(self) -> list[tuple[int, Dimension]]:
        """Its nodes with their steps."""
        return list(enumerate(self.nodes, self.first_step))

    def links(self) -> list[tuple[int, Dimension, Dimension]]:
        """Its links: the source's step, the source, the target."""
        return [
            (step, source, target)
            for (step, source), (_, target) in zip(self.steps(), self.steps()[1:], strict=False)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """An event that is a node. `is_edge`: it is a start (or end) event."""

    event: StoredEvent
    node: Dimension
    is_edge: bool


def all_paths(question: Question, history: Sequence[StoredEvent]) -> list[Path]:
    """Every path that counts."""
    in_order = (
        sorted(walk, key=lambda visit: (visit.event.time, visit.node, not visit.is_edge))
        for walk in _walks(question, history, _visits(question, history))
    )
    return [_placed(question, nodes) for walk in in_order if (nodes := _cut(question, walk))]


def _visits(question: Question, history: Sequence[StoredEvent]) -> list[_Visit]:
    """The events of persons that pass the spec's filters and are a node."""
    options = question.spec.paths
    edges = set()
    for name in ("start_event", "end_event"):
        if options.HasField(name):
            edges = {id(event) for event in selected(question, getattr(options, name), history)}
    return [
        _Visit(event=event, node=node, is_edge=id(event) in edges)
        for event in history
        if event.person
        and passes(event, question.spec.filters, question.spec.where, question.zone)
        and (node := _node_of(question, event)) != MISSING
    ]


def _node_of(question: Question, event: StoredEvent) -> Dimension:
    name = question.spec.paths.node_property
    return dimension_of(read(event, name)) if name else Dimension(Kind.TEXT, event.name)


def _walks(
    question: Question, history: Iterable[StoredEvent], visits: Iterable[_Visit]
) -> Iterator[list[_Visit]]:
    """What a path is made of, before it is cut at an event."""
    if question.spec.paths.by == PathsBy.PATHS_BY_USERS:
        yield from _of_users(question, visits)
    else:
        yield from _of_sessions(question, history, visits)


def _of_sessions(
    question: Question, history: Iterable[StoredEvent], visits: Iterable[_Visit]
) -> Iterator[list[_Visit]]:
    """The sessions whose first event of any name is in the range, whole."""
    begins: dict[tuple[str, str], int] = {}
    for event in history:
        session = (event.person, event.session_id)
        begins[session] = min(event.time, begins.get(session, event.time))
    own: dict[tuple[str, str], list[_Visit]] = {}
    for visit in visits:
        session = (visit.event.person, visit.event.session_id)
        if visit.event.session_id and question.ranges[0].span.holds(begins[session]):
            own.setdefault(session, []).append(visit)
    yield from own.values()


def _of_users(question: Question, visits: Iterable[_Visit]) -> Iterator[list[_Visit]]:
    """Each person's events in the range, cut where the pause is longer than the gap."""
    options = question.spec.paths
    gap = milliseconds(options.gap) if options.HasField("gap") else DEFAULT_GAP
    in_range = [visit for visit in visits if question.ranges[0].span.holds(visit.event.time)]
    in_range.sort(key=lambda visit: (visit.event.person, visit.event.time))
    for _, own in groupby(in_range, key=lambda visit: visit.event.person):
        walk: list[_Visit] = []
        for visit in own:
            if walk and visit.event.time - walk[-1].event.time > gap:
                yield walk
                walk = []
            walk.append(visit)
        yield walk


def _cut(question: Question, walk: Sequence[_Visit]) -> list[Dimension]:
    """The nodes from the first start event on, or up to the first end event; none if there is no such."""
    options = question.spec.paths
    if options.HasField("start_event") or options.HasField("end_event"):
        at = next((at for at, visit in enumerate(walk) if visit.is_edge), None)
        if at is None:
            return []
        walk = walk[: at + 1] if options.HasField("end_event") else walk[at:]
    nodes = [visit.node for visit in walk]
    return [node for node, _ in groupby(nodes)] if options.collapse_repeats else nodes


def _placed(question: Question, nodes: Sequence[Dimension]) -> Path:
    """Put the nodes on steps, and leave out those for which there is none."""
    options = question.spec.paths
    most = options.max_steps or DEFAULT_STEPS
    if options.HasField("end_event"):
        shown = tuple(nodes[-most:])
        return Path(first_step=most - len(shown), nodes=shown, continues=False, is_ended=True)
    return Path(first_step=0, nodes=tuple(nodes[:most]), continues=len(nodes) > most, is_ended=False)
