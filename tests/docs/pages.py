"""The fenced blocks of the README and the documentation, and what each is there for.

The words after the fence say it:

    sh, python              runs as it stands, against a demo server
    json query              is asked; the next `json answer` or `json error` is what must come back
    json events             is stored; the next `json answer` is what must come back
    json identify, alias, profile, delete user
                            is said or asked of a person; the next `json answer` (or `json error`) is what
                            must come back
    json audience           is created; the next `json answer` is what must come back, and AUDIENCE its id
    json size               is counted; the next `json answer` is what must come back
    console, ts, text       is not run: it sets up the machine, or is shown elsewhere

Of an answer, what the page shows must be so; it may leave out members, and end a list with "…".
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = sorted(
    path for path in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md"))
)
RUN: Final = {"sh", "python"}
OF_PERSONS: Final = {"json identify", "json alias", "json profile", "json delete user"}
ASKED: Final = {"json query", "json events", "json audience", "json size"} | OF_PERSONS
EXPECTED: Final = {"json answer", "json error"}
NOT_RUN: Final = {"console", "ts", "text"}

_BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block.

    Args:
        page: where it is.
        line: where its fence is, from 1.
        kind: the words after the fence.
        text: what is in it.
    """

    page: Path
    line: int
    kind: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """List a page's blocks in order."""
    text = page.read_text("utf-8")
    return [
        Block(page=page, line=text.count("\n", 0, found.start()) + 1, kind=found[1].strip(), text=found[2])
        for found in _BLOCK.finditer(text)
    ]


def differences(shown: object, actual: object, path: str = "") -> list[str]:
    """List where an answer is not as it is shown."""
    if isinstance(shown, dict) and isinstance(actual, dict):
        missing = [f"{path}.{key}: is not there" for key in shown if key not in actual]
        return missing + [
            line
            for key in shown
            if key in actual
            for line in differences(shown[key], actual[key], f"{path}.{key}")
        ]
    if isinstance(shown, list) and isinstance(actual, list):
        return _in_list(shown, actual, path)
    same = shown == actual and isinstance(shown, bool) == isinstance(actual, bool)
    return [] if same else [f"{path}: shown is {json.dumps(shown)}, got {json.dumps(actual)}"]


def _in_list(shown: list[object], actual: list[object], path: str) -> list[str]:
    is_begun = bool(shown) and shown[-1] == "…"
    items = shown[:-1] if is_begun else shown
    if len(actual) < len(items) or (len(actual) > len(items) and not is_begun):
        return [f"{path}: shown are {len(items)} items, got {len(actual)}: {json.dumps(actual)[:500]}"]
    return [
        line
        for index, (one, other) in enumerate(zip(items, actual, strict=False))
        for line in differences(one, other, f"{path}[{index}]")
    ]
