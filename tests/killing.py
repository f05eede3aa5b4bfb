"""Programs that store things until they are killed, for tests of what a kill -9 leaves."""

import random
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterable
from pathlib import Path

_KILLS = 3
_SECONDS = 300


def killed_again_and_again(program: str, folder: Path) -> int:
    """Run a program that prints `stored N` for N, N + 1 … and kill it soon, some times.

    Args:
        program: Python; its arguments are the folder and the first N.
        folder: what it stores in, each time the same.

    Returns:
        How many it said were stored.
    """
    stored = 0
    for _ in range(_KILLS):
        command = _command(program, folder, stored)
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            lines = [_first_stored(process.stdout)]
            time.sleep(random.uniform(0.0, 0.5))
            process.kill()
            lines += [line for line in process.stdout if _is_stored(line)]
        assert lines == [f"stored {stored + index}\n" for index in range(len(lines))]
        stored += len(lines)
    return stored


def told(program: str, folder: Path, *arguments: int) -> str:
    """Run a program about a folder to its end, and give what it prints behind `told`, among its log."""
    done = subprocess.run(
        _command(program, folder, *arguments), check=True, capture_output=True, text=True, timeout=_SECONDS
    )
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("told ")]
    return line.removeprefix("told ")


def _command(program: str, folder: Path, *arguments: int) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(program), str(folder), *map(str, arguments)]


def _is_stored(line: str) -> bool:
    # Beside what it stored, a program logs what an earlier one left unfinished.
    return line.startswith("stored ")


def _first_stored(output: Iterable[str]) -> str:
    for line in output:
        if _is_stored(line):
            return line
    raise AssertionError("it never stored anything")
