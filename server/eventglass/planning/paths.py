"""Paths: whose events follow each other, and where they are cut (semantics 16)."""

from dataclasses import dataclass

from eventglass.planning.durations import milliseconds
from eventglass.planning.properties import Fact, Operand, operand
from eventglass.planning.scope import Scope
from eventglass.planning.selection import Selection, Series, select, series_of
from insights.v1.paths_pb2 import PathsBy
from insights.v1.query_spec_pb2 import QuerySpec

# In milliseconds.
DEFAULT_GAP = 30 * 60 * 1_000
DEFAULT_STEPS = 5
DEFAULT_NODES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Paths through nodes.

    Args:
        selection: whose events, in which range, under which conditions.
        node: what an event's node is read from.
        gap: milliseconds of the longest pause inside a person's path; None for paths of sessions.
        edge: the event at which paths begin or end; None for whole ones.
        to_edge: they end there.
        collapse: equal nodes in a row are one.
        max_steps: nodes of a path that are shown.
        max_nodes: nodes of a step that are kept.
    """

    selection: Selection
    node: Operand
    gap: int | None
    edge: Series | None
    to_edge: bool
    collapse: bool
    max_steps: int
    max_nodes: int

    @property
    def start(self) -> int:
        """The first millisecond in which a path can begin."""
        return self.selection.ranges[0].start

    @property
    def end(self) -> int:
        """The first millisecond in which none can."""
        return self.selection.ranges[0].end

    @property
    def node_is_property(self) -> bool:
        """Whether nodes are values, which may print alike."""
        return not isinstance(self.node, Fact)

    @property
    def last(self) -> int:
        """The last millisecond that is looked at; sessions are whole, whatever the range."""
        return self.selection.latest if self.gap is None else min(self.end - 1, self.selection.latest)


def paths_of(spec: QuerySpec, scope: Scope) -> Paths:
    """Resolve a valid spec."""
    selection = select(spec, scope)
    options = spec.paths
    to_edge = options.HasField("end_event")
    edge = options.end_event if to_edge else options.start_event
    return Paths(
        selection=selection,
        node=operand(options.node_property) if options.node_property else Fact.EVENT_NAME,
        gap=_gap(spec),
        edge=series_of(edge, spec, selection.zone) if to_edge or options.HasField("start_event") else None,
        to_edge=to_edge,
        collapse=options.collapse_repeats,
        max_steps=options.max_steps or DEFAULT_STEPS,
        max_nodes=options.max_nodes or DEFAULT_NODES,
    )


def _gap(spec: QuerySpec) -> int | None:
    if spec.paths.by != PathsBy.PATHS_BY_USERS:
        return None
    return milliseconds(spec.paths.gap) if spec.paths.HasField("gap") else DEFAULT_GAP
