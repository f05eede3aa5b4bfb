"""What runs measured, kept beside the world that they asked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.reference.turns import Times

# By insight, then by way.
Measured = Mapping[str, Mapping[str, Times]]

_FILE = "times.json"


def keep(world: Path, measured: Measured, *, names: Sequence[str]) -> Measured:
    """Keep what a run measured beside what earlier ones did of other insights, and give all of it.

    Args:
        world: its folder.
        measured: by the run.
        names: all insights, in their order.
    """
    known = {**read_kept(world), **measured}
    kept = {name: known[name] for name in names if name in known}
    found = {name: {way: asdict(times) for way, times in each.items()} for name, each in kept.items()}
    (world / _FILE).write_text(json.dumps(found), "utf-8")
    return kept


def read_kept(world: Path) -> Measured:
    """Read what is kept; nothing, if no run was."""
    path = world / _FILE
    found = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return {name: {way: Times(**times) for way, times in ways.items()} for name, ways in found.items()}
