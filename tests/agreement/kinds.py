"""All kinds of insights that are compared with the oracle, by the names of their files."""

import importlib
from pathlib import Path

from tests.agreement.agreeing import Kind

_FILES = sorted(Path(__file__).parent.glob("test_*.py"))


def kinds() -> dict[str, Kind]:
    """Find them; what only asks conditions of events is none."""
    modules = {file.stem: importlib.import_module(f"tests.agreement.{file.stem}") for file in _FILES}
    found = {name.removeprefix("test_"): getattr(module, "KIND", None) for name, module in modules.items()}
    return {name: kind for name, kind in found.items() if isinstance(kind, Kind) and kind.has_behaviors}
