"""Names the options that a question for paths uses, so that a run can show that it has reached all."""

from itertools import product

from insights.v1.paths_pb2 import PathsBy
from insights.v1.query_spec_pb2 import QuerySpec
from tests.oracle import pools
from tests.oracle.path_specs import NODES, STEPS
from tests.oracle.selector_coverage import every_of_selectors, of_selectors, used

_BY = ("SESSIONS", "USERS")
_EDGES = ("no edge", "start_event", "end_event")
# Each is reached with sessions and users, and with every kind of edge.
_WITH_ALL = (
    *(f"{number} steps" for number in set(STEPS)),
    *(f"{number} nodes" for number in set(NODES)),
    *("node_property", "collapse_repeats"),
)


def options_of_paths(spec: QuerySpec) -> set[str]:
    """The options that a spec uses, such as "node_property · USERS · end_event"."""
    options = spec.paths
    edges = [name for name in _EDGES[1:] if options.HasField(name)]
    by = PathsBy.Name(options.by or PathsBy.PATHS_BY_SESSIONS).removeprefix("PATHS_BY_")
    with_all = used(
        {
            f"{options.max_steps} steps": True,
            f"{options.max_nodes} nodes": True,
            "node_property": bool(options.node_property),
            "collapse_repeats": options.collapse_repeats,
        }
    )
    return {
        *(f"{option} · {by} · {(edges or _EDGES)[0]}" for option in with_all),
        *of_selectors(spec, [getattr(options, name) for name in edges]),
        f"by {PathsBy.Name(options.by)}",
        f"nodes of {pools.kind_of(options.node_property)}",
        "gap" if options.HasField("gap") else "the usual gap",
        "paths" if spec.HasField("paths") else "no options",
    }


def every_path_option(*, first_time: bool = False) -> set[str]:
    """The options that the strategy of path_specs.py can reach."""
    return {
        *(" · ".join(parts) for parts in product(_WITH_ALL, _BY, _EDGES)),
        *(f"by {PathsBy.Name(it)}" for it in PathsBy.values()),
        *(f"nodes of {pools.kind_of(name)}" for name in ("", *pools.NAMEABLE)),
        *("gap", "the usual gap", "paths", "no options"),
        *every_of_selectors(first_time=first_time),
    }
