"""What is loaded before a command begins, and Ctrl+C meanwhile."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from eventglass.cli import start


@dataclass(frozen=True)
class _Interrupted:
    """Ctrl+C while a part of the command is being loaded."""

    part: str

    def find_spec(self, name: str, *_: object) -> None:
        if name == self.part:
            raise KeyboardInterrupt


@pytest.mark.parametrize("part", ["eventglass.cli.main", "eventglass.cli.query"])
def test_an_interrupt_while_parts_are_loaded_is_told_in_one_line(
    part: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["eventglass", "query", "-"])
    monkeypatch.delitem(sys.modules, part, raising=False)
    monkeypatch.setattr(sys, "meta_path", [_Interrupted(part), *sys.meta_path])

    assert start.main() == 130
    assert capsys.readouterr().err == "eventglass: interrupted\n"


def test_a_command_is_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["eventglass", "version"])

    assert start.main() == 0
    assert capsys.readouterr().out.startswith("eventglass ")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_no_file_or_connection_takes_the_place_of_a_standard_one_that_is_closed(
    closed: str, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    script = f"""
import os, sys
from eventglass.cli import start
sys.argv = ["eventglass", "version"]
code = start.main()
print("seen", file=sys.stderr)
with open({str(told)!r}, "w") as file:
    file.write(f"{{code}} {{file.fileno() > 2}}")
"""
    command = f'exec "$0" -c "$1" {closed}'

    subprocess.run(["sh", "-c", command, sys.executable, script], check=True, capture_output=True)

    assert told.read_text() == "0 True"


@pytest.mark.parametrize("part", ["main", "version", "project", "key", "query", "importing"])
def test_the_engine_is_not_loaded_before_a_command_needs_it(part: str) -> None:
    script = f"import sys, eventglass.cli.{part}; print('eventglass.backend' in sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert loaded.stdout == "False\n"
