"""The rules that code and tests name are there, under these numbers, in docs/semantics.md."""

import re

from tests.docs.pages import ROOT

# `semantics 6.4`, and lists such as `semantics 2.1, 2.7 to 2.11 and 8`.
_RULE = r"\d+(?:\.\d+)?"
_CITED = re.compile(rf"\bsemantics ({_RULE}(?:(?:, | and | to ){_RULE})*)")
_CODE = ("server", "tests", "benchmarks", "proto")


def _rules() -> set[str]:
    """Collect the numbers of all sections, and of the rules in them."""
    found: set[str] = set()
    section = ""
    for line in (ROOT / "docs" / "semantics.md").read_text("utf-8").splitlines():
        if heading := re.match(r"## (?:(\d+)\. )?", line):
            section = heading[1] or ""
            found.add(section)
        elif section and (rule := re.match(r"(\d+)\. ", line)):
            found.add(f"{section}.{rule[1]}")
    return found


def _cited() -> dict[str, set[str]]:
    """Collect the numbers by the file that names them."""
    files = (
        file
        for folder in _CODE
        for file in (ROOT / folder).rglob("*.*")
        if file.suffix in {".py", ".proto"} and "node_modules" not in file.parts
    )
    return {
        str(file.relative_to(ROOT)): {
            number
            for found in _CITED.finditer(file.read_text("utf-8"))
            for number in re.findall(_RULE, found[1])
        }
        for file in files
    }


def test_every_rule_that_is_named_is_there() -> None:
    cited = {file: numbers for file, numbers in _cited().items() if numbers}

    rules = _rules()

    assert len(cited) > 70
    assert {file: numbers - rules for file, numbers in cited.items() if numbers - rules} == {}
