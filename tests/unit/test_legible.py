"""Texts of others, before a terminal gets them."""

import io
import json
import re

import pytest
from google.protobuf.json_format import ParseDict
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from eventglass.cli.answer import print_answer
from eventglass.cli.legible import legible, legible_json
from eventglass.transport.json_encoder import to_json
from insights.v1.breakdown_pb2 import DimensionValue
from insights.v1.query_service_pb2 import QueryResponse

# Everything that a terminal could take for an order, besides the line ends of what is printed.
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_HOSTILE = "\x1b]0;pwn\x07\x1b[31mRED\r\n\x9b2J\u202eevil"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("größer 😀 日本", "größer 😀 日本"),
        ("\x1b[31mRED", r"\x1b[31mRED"),
        ("a\tb\r\nc", r"a\tb\r\nc"),
        ("\x00\x7f\x9b", r"\x00\x7f\x9b"),
        ("\u202eab\u2069\u2028", r"\u202eab\u2069\u2028"),
        (r"C:\Docs", r"C:\Docs"),
        (r"C:\new", r"C:\\new"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert legible(text) == shown


_TEXTS = st.text(st.sampled_from("\\nrtxu01b2e\n\t\x1b\x9b\u202e") | st.characters(codec="utf-8"))


@given(_TEXTS, _TEXTS)
def test_different_texts_stay_different(one: str, other: str) -> None:
    assert not OBEYED.search(legible(one))
    assert "\n" not in legible(one)
    assert (legible(one) == legible(other)) == (one == other)


@given(_TEXTS)
def test_json_stays_the_same_json(text: str) -> None:
    written = legible_json(to_json(DimensionValue(text=text)))

    assert not OBEYED.search(written.decode())
    assert json.loads(written)["text"] == text


_VALUE = {"text": _HOSTILE}
_AT = {"timestamp": "2026-05-04T00:00:00Z"}
_ANSWERS: dict[str, dict[str, object]] = {
    "one series": {"series": [{**_AT, "event": _HOSTILE}]},
    "series": {"series": [{**_AT, "dimensions": [_VALUE]}, {**_AT, "dimensions": [{"text": "b"}]}]},
    "compared": {"series": [{**_AT, "event": "e"}, {**_AT, "event": "e", "comparison": _HOSTILE}]},
    "kpi": {"kpis": [{"event": _HOSTILE, "comparisons": [{"label": _HOSTILE}]}]},
    "rows": {"rows": [{"dimensions": [_VALUE], "values": [{"value": 1}]}], "nextPageToken": _HOSTILE},
    "funnel": {
        "funnel": {
            "steps": [{"event": _HOSTILE}],
            "breakdowns": [{"dimensions": [_VALUE], "steps": [{"event": _HOSTILE}]}],
        }
    },
    "retention": {"retention": {"breakdowns": [{"dimensions": [_VALUE], "cohorts": [{"size": 1}]}]}},
    "stickiness": {"stickiness": {"series": [{"event": _HOSTILE}, {"event": "b"}]}},
    "paths": {"paths": {"nodes": [{"node": _VALUE}], "links": [{"source": _VALUE, "target": _VALUE}]}},
    "metadata": {
        "metadata": {
            "warnings": [{"field": _HOSTILE, "message": _HOSTILE}],
            "truncations": [{"message": _HOSTILE}],
        }
    },
}


@pytest.mark.parametrize("kind", _ANSWERS)
def test_no_answer_orders_the_terminal_about(kind: str) -> None:
    printed = _printed(_ANSWERS[kind])

    assert not OBEYED.search(printed)
    assert r"\x1b]0;pwn\x07\x1b[31mRED\r\n\x9b2J\u202eevil" in printed


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"isMissing": True}, "(missing)"),
        ({"isOther": True}, "(other)"),
        ({"text": "(missing)"}, '"(missing)"'),
        ({"text": '"(missing)"'}, '""(missing)""'),
        ({"text": "(other)"}, '"(other)"'),
        ({"text": ""}, '""'),
        ({"text": "missing"}, "missing"),
        ({"boolean": True}, "true"),
    ],
)
def test_a_text_never_reads_as_none(value: dict[str, object], name: str) -> None:
    answers: list[dict[str, object]] = [
        {"rows": [{"dimensions": [value], "values": [{}]}]},
        {"funnel": {"breakdowns": [{"dimensions": [value]}], "steps": [{"event": "e"}]}},
        {"paths": {"nodes": [{"node": value}]}},
    ]

    for answer in answers:
        words = _printed(answer).split()
        assert name in words


def _printed(answer: dict[str, object]) -> str:
    console = Console(width=300, file=io.StringIO())
    print_answer(ParseDict(answer, QueryResponse()), console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()
