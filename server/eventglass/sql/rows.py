"""Matched rows, whatever they are made of."""

from eventglass.sql.event_rows import event_rows
from eventglass.sql.fragment import Fragment, joined
from eventglass.sql.session_rows import session_rows
from eventglass.sql.source import Source


def matched(source: Source) -> Fragment:
    """Select the matched rows of all series."""
    parts = [
        *([event_rows(source)] if source.event_series else []),
        *([session_rows(source)] if source.session_series else []),
    ]
    return joined("\nUNION ALL\n", parts)
