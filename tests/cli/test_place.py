"""Where commands find their events: options, variables, the note of a demo."""

import argparse
from pathlib import Path

import pytest

from eventglass.cli import place
from eventglass.cli.place import Note, place_of, write_note

_URL = "http://variable:1"


@pytest.mark.parametrize(
    ("options", "environment", "url"),
    [
        ((), {}, ""),
        ((), {"EVENTGLASS_URL": _URL}, _URL),
        (("--url", "http://option:1"), {"EVENTGLASS_URL": _URL}, "http://option:1"),
        (("--data-dir", "d"), {"EVENTGLASS_URL": _URL}, ""),
        (("--data-dir", "d", "--url", "http://option:1"), {"EVENTGLASS_URL": _URL}, "http://option:1"),
        ((), {"EVENTGLASS_URL": _URL, "EVENTGLASS_DATA_DIR": "d"}, _URL),
    ],
)
def test_an_option_goes_before_a_variable(
    options: tuple[str, ...], environment: dict[str, str], url: str
) -> None:
    found = place_of(_given("--project", "p", *options), environment)

    assert found.url == url


def test_the_note_of_a_demo_comes_last(tmp_path: Path) -> None:
    write_note(tmp_path, Note(project="demo", key="eg_note", url="http://note:1"))
    options = ("--data-dir", str(tmp_path))

    noted = place_of(_given(*options), {})
    told = place_of(_given(*options), {"EVENTGLASS_PROJECT": "p", "EVENTGLASS_KEY": "eg_variable"})

    assert (noted.project, noted.key, noted.url, noted.usual_url) == ("demo", "eg_note", "", "http://note:1")
    assert (told.project, told.key) == ("p", "eg_variable")


def _given(*options: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    place.arguments(parser)
    return parser.parse_args(options)
