"""Nothing that callers meet is undocumented: settings, reasons, fields, values, commands, dependencies."""

import ast
import importlib
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor, EnumDescriptor

from eventglass.cli.main import COMMANDS
from eventglass.settings import Settings
from tests.docs.pages import PAGES, ROOT

DOCS = ROOT / "docs"
TEXT = {page: page.read_text("utf-8") for page in PAGES}
SOURCE = ROOT / "server" / "eventglass"
GENERATED = ROOT / "gen"
FILES = [
    importlib.import_module(".".join(file.relative_to(GENERATED).with_suffix("").parts)).DESCRIPTOR
    for file in sorted(GENERATED.rglob("*_pb2.py"))
]
MESSAGES = [message for file in FILES for message in file.message_types_by_name.values()]
ENUMS = [enum for file in FILES for enum in file.enum_types_by_name.values()]
_REASON = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
# Where a reason stands in the code: as one of these arguments, or as the first of these calls.
_ARGUMENTS = {"code", "reason"}
_CALLS = {"Wrong", "_limit", "_away", "_refusal"}
_LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]+)?\)")


def reasons() -> set[str]:
    """Collect every reason and violation code of the code."""
    found: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            found |= {text for text in _reasons_of(node) if _REASON.fullmatch(text)}
    return found


def _reasons_of(node: ast.AST) -> list[str]:
    values: list[ast.expr] = []
    match node:
        case ast.keyword(arg=str(name), value=value) if name in _ARGUMENTS:
            values = [value]
        case ast.AnnAssign(target=ast.Name(id="default_reason"), value=ast.expr() as value):
            values = [value]
        case ast.Assign(targets=[ast.Name(id="default_reason")], value=value):
            values = [value]
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _CALLS:
            values = [first]
        case ast.Call(func=ast.Attribute(value=ast.Name(id="findings"), attr="add"), args=[_, second, *_]):
            values = [second]
        case ast.Tuple(elts=[_, second]):
            values = [second]
    return [
        value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)
    ]


def test_every_reason_is_documented() -> None:
    documented = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", TEXT[DOCS / "api.md"] + TEXT[DOCS / "import.md"]))

    assert len(reasons()) > 60
    assert reasons() - documented == set()


def test_every_setting_is_documented_with_its_default() -> None:
    rows = re.findall(
        r"^\| `EVENTGLASS_(\w+)` \|(?: `([^`]*)`)? \| ", TEXT[DOCS / "operations.md"], re.MULTILINE
    )

    defaults = {
        field.name.upper(): str(getattr(Settings(), field.name)) if getattr(Settings(), field.name) else ""
        for field in fields(Settings)
    }
    assert {name: _plain(text) for name, text in rows} == {
        name: _plain(text) for name, text in defaults.items()
    }


def _plain(text: str) -> str:
    return text.removesuffix(".0").lower()


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.full_name)
def test_every_field_is_documented(message: Descriptor) -> None:
    prose = re.sub(r"^```.*?^```$", "", TEXT[DOCS / "api.md"], flags=re.MULTILINE | re.DOTALL)
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", prose))))

    assert {field.json_name for field in message.fields} - words == set()


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.full_name)
def test_every_value_of_an_enum_is_documented(enum: EnumDescriptor) -> None:
    prefix = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", enum.name).upper() + "_"
    documented = set(re.findall(r"`([A-Z0-9_]+)`", TEXT[DOCS / "api.md"]))

    wanted = [value.name for value in enum.values if value.number]
    assert [name for name in wanted if not {name, name.removeprefix(prefix)} & documented] == []


def test_every_command_is_documented() -> None:
    everything = "\n".join(TEXT.values())

    assert [name for name in COMMANDS if f"eventglass {name}" not in everything] == []


def test_every_dependency_has_its_decision() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    names = {re.split(r"[<>=\[;]", each)[0] for each in wanted} - {"eventglass"}

    assert {name for name in names if f"`{name}`" not in TEXT[DOCS / "decisions.md"]} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in _LINK.findall(TEXT[page]):
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor[1:] in _anchors(file), f"{page.name}: {target}{anchor}"


def _anchors(page: Path) -> set[str]:
    """Name a page's headings as links do."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
