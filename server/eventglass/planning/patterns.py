"""Tests of texts as RE2 patterns: where case is ignored, and MATCHES."""

from collections.abc import Iterable

import re2

from eventglass.planning.conditions import TextMatch, TextRelation

_ANCHORS = {
    TextRelation.CONTAINS: ("", ""),
    TextRelation.STARTS_WITH: ("^", ""),
    TextRelation.ENDS_WITH: ("", "$"),
}


def whole_text(texts: Iterable[str]) -> str:
    """Match whole texts, without regard to case."""
    return f"(?is)^(?:{'|'.join(map(re2.escape, texts))})$"


def part_of_text(test: TextMatch) -> str:
    """Match what a text test looks for; tests that regard case and are no MATCHES need no pattern."""
    if test.relation is TextRelation.MATCHES:
        return ("(?i-s)" if test.ignore_case else "(?-s)") + test.text
    before, after = _ANCHORS[test.relation]
    return f"(?is){before}{re2.escape(test.text)}{after}"
