"""What a run was measured on, in one line: times mean little without it."""

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path


def machine() -> str:
    """Describe processors, memory and versions."""
    found = re.search(r"^model name\s*: (.+)$", _text("/proc/cpuinfo"), re.MULTILINE)
    processor = found[1].strip() if found else platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} processors ({processor}), {memory:.0f} GiB of memory, "
        f"Python {platform.python_version()}, chDB {version('chdb')}"
    )


def _text(path: str) -> str:
    return Path(path).read_text("utf-8") if Path(path).exists() else ""
