"""A row that is sent to a server is the same row there."""

import json
from typing import Any

import pytest

from eventglass.cli.upload import event_of
from eventglass.ingest.accept import Incoming, Row, accept, read_event
from eventglass.ingest.clock import Clock

_CLOCK = Clock(now_ms=1_800_000_000_000)


def _row(properties: dict[str, Any]) -> Row:
    incoming = Incoming("visit", 1_700_000_000_000, "1", "ada", "device", "s", properties)
    accepted = accept(incoming, _CLOCK)
    assert isinstance(accepted, Row)
    return accepted


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"plan": "pro", "price": 5.5, "new": True, "a b": "с пробелом"},
        {"ж" * 64: 1.0, "x" * 300: {"y" * 300: "inside"}},
        {"o": {"b": [1.0, "x"], "c": {"d": False}}, "o.e": "beside", "list": [[]]},
        {"~~name": 1.0, "~": "tilde"},
    ],
    ids=["none", "plain", "long names", "nested", "like a hash"],
)
def test_an_event_that_is_sent_makes_the_row_it_was_made_of(properties: dict[str, Any]) -> None:
    row = _row(properties)

    incoming = read_event(event_of(row), "none")
    assert isinstance(incoming, Incoming)
    again = accept(incoming, _CLOCK)

    assert isinstance(again, Row)
    assert json.loads(again.properties) == json.loads(row.properties)
    assert again._replace(properties="") == row._replace(properties="")
