"""A breakdown's value as a person reads it in a terminal."""

from typing import Final

from rich.text import Text

from eventglass.insights.dimensions import as_text
from insights.v1.breakdown_pb2 import DimensionValue

_MISSING: Final = "(missing)"
_OTHER: Final = "(other)"


def named(value: DimensionValue) -> Text:
    """Print a value; a text that would read as none, or as one of the words for none, is quoted."""
    if value.is_other:
        return Text(_OTHER, style="dim")
    if value.is_missing:
        return Text(_MISSING, style="dim")
    text = as_text(value)
    # One that looks like such a text with its quotes gets quotes, too.
    return Text(f'"{text}"' if text.strip('"') in ("", _MISSING, _OTHER) else text)
