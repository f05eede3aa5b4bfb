"""Programs in processes of their own: one has one engine."""

import subprocess
import sys
import textwrap

from tests.patience import PATIENCE


def run(program: str, *arguments: str) -> str:
    """Run a program to its end; give what it printed."""
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(program), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE).stdout
