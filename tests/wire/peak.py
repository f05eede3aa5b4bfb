"""How much memory this process took at its highest, from one moment on.

`ru_maxrss` is the highest of the process's whole life, so after a large test it would hide everything.
"""

import re
from pathlib import Path

import pytest

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
# As proc(5) has it: forget the highest so far.
_FORGET_PEAK = "5"


class Peak:
    """Measures from when it was made."""

    def __init__(self) -> None:
        if not _CLEAR.exists():
            pytest.skip("only Linux tells the highest memory from one moment on")
        _CLEAR.write_text(_FORGET_PEAK)
        self._before = _bytes("VmRSS")

    def growth(self) -> int:
        """Give how many bytes the process had more than at first, at its highest since."""
        return _bytes("VmHWM") - self._before


def _bytes(name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB$", _STATUS.read_text(), re.MULTILINE)
    assert found
    return int(found[1]) * 1024
