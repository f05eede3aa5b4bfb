"""Ctrl+C before the command has begun."""

import sys

import pytest

from eventglass.cli import start

_PARTS = "eventglass.cli.main"


class _Interrupted:
    """Ctrl+C while the parts of the command are being loaded."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == _PARTS:
            raise KeyboardInterrupt


def test_an_interrupt_while_parts_are_loaded_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, _PARTS, raising=False)
    monkeypatch.setattr(sys, "meta_path", [_Interrupted(), *sys.meta_path])

    assert start.main() == 130
    assert capsys.readouterr().err == "eventglass: interrupted\n"


def test_a_command_is_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["eventglass", "version"])

    assert start.main() == 0
    assert capsys.readouterr().out.startswith("eventglass ")
