"""Which column of a file is what: from a record to an event."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Values
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from eventglass.catalog.zones import no_zone, zones
from eventglass.errors import Violation, refuse
from eventglass.ingest.accept import Incoming, Refusal
from eventglass.ingest.cells import json_of, members_of, printed_id, read_cell, why_no_id
from eventglass.ingest.compact import Json
from eventglass.ingest.times import read_time

_SOME_TIME = datetime(2024, 2, 29, 13, 14, 15, 678_901, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Which column is what. A column is named as in the file; None: the file has none for it.

    Args:
        timestamp: when it happened.
        name: the name of every event; or
        name_column: the column that holds it.
        user_id: who did it.
        anonymous_id: who did it, as the device knows them.
        session_id: the visit.
        event_id: the event's own id; without one it is made from the record's content.
        time_format: of the timestamp, as in `datetime.strptime`; None: ISO 8601 or since 1970.
        timezone: the IANA zone of timestamps that name none.
        properties: property names by column; None: all the rest, under their own names.
        spread: a column of objects, also written as JSON, whose members are properties, too.
        texts: columns of a CSV file whose cells stay texts.
    """

    timestamp: str
    name: str | None = None
    name_column: str | None = None
    user_id: str | None = None
    anonymous_id: str | None = None
    session_id: str | None = None
    event_id: str | None = None
    time_format: str | None = None
    timezone: str = "UTC"
    properties: Values[str, str] | None = None
    spread: str | None = None
    texts: frozenset[str] = field(default_factory=frozenset)

    def columns(self) -> dict[str, str]:
        """Give the columns that must be there, by what they are."""
        named = {
            "timestamp": self.timestamp,
            "name_column": self.name_column,
            "user_id": self.user_id,
            "anonymous_id": self.anonymous_id,
            "session_id": self.session_id,
            "event_id": self.event_id,
            "spread": self.spread,
        }
        chosen = {f"properties.{name}": column for column, name in (self.properties or {}).items()}
        return {field: column for field, column in named.items() if column is not None} | chosen


def check_mapping(mapping: Mapping) -> None:
    """Raise InvalidArgumentError for what fits no file, all at once."""
    violations = []
    if (mapping.name is None) == (mapping.name_column is None):
        description = "give either the events' name or the column that holds it"
        violations.append(Violation(field="name", code="ONE_OF", description=description))
    names = [*(mapping.properties or {}).values()]
    for name in sorted({name for name in names if names.count(name) > 1}):
        description = f"two columns are to be the property {name!r}; name one of them otherwise"
        violations.append(Violation(field=f"properties.{name}", code="DUPLICATE", description=description))
    if mapping.time_format is not None and not _is_time_format(mapping.time_format):
        description = f"{mapping.time_format!r} is no format of a time, such as %Y-%m-%d %H:%M:%S"
        violations.append(Violation(field="time_format", code="INVALID", description=description))
    if mapping.timezone not in zones():
        description = f"{mapping.timezone!r} {no_zone(mapping.timezone)}"
        violations.append(Violation(field="timezone", code="UNKNOWN_TIMEZONE", description=description))
    refuse(violations)


def check_columns(mapping: Mapping, columns: Sequence[str]) -> None:
    """Raise InvalidArgumentError for columns that the file does not have, all at once."""
    named = mapping.columns() | {f"texts.{column}": column for column in sorted(mapping.texts)}
    violations = [
        Violation(
            field=field,
            code="NO_SUCH_COLUMN",
            description=f"no column {column!r}; there are {_list(columns)}",
        )
        for field, column in named.items()
        if column not in columns
    ]
    refuse([*violations, *_nameless(mapping, columns)])


def _is_time_format(text: str) -> bool:
    """Tell whether a time that is written so can be read again."""
    try:
        datetime.strptime(_SOME_TIME.strftime(text), text)  # noqa: DTZ007
    except (ValueError, re.error):  # the latter of a directive that is there twice
        return False
    return True


def _nameless(mapping: Mapping, columns: Sequence[str]) -> Iterator[Violation]:
    """Tell of a column whose properties would have no name."""
    if mapping.properties is None and "" in columns and "" not in mapping.columns().values():
        description = "a column has no name, as properties need; name it, or choose which columns to keep"
        yield Violation(field="properties", code="EMPTY", description=description)


def event_of(
    values: Values[str, object], mapping: Mapping, *, typed: bool, event_id: str
) -> Incoming | Refusal:
    """Make a record an event.

    Args:
        values: by column.
        mapping: which is what.
        typed: whether values have their own types; else they are a text file's cells.
        event_id: the id it gets if it brings none.
    """
    moment = values.get(mapping.timestamp)
    time_ms = time_of(moment, mapping)
    if time_ms is None:
        shown = repr(str(moment)[:40]) if moment not in (None, "") else "empty"
        return Refusal(
            field=mapping.timestamp, reason="INVALID_TIMESTAMP", message=f"is {shown}, which is no time"
        )
    ids = mapping.name_column, mapping.event_id, mapping.user_id, mapping.anonymous_id, mapping.session_id
    for column in ids:
        if column is not None and (wrong := why_no_id(values.get(column))):
            return Refusal(field=column, reason=wrong[0], message=wrong[1])
    members = members_of(values.get(mapping.spread)) if mapping.spread is not None else {}
    if members is None:
        return Refusal(
            field=str(mapping.spread), reason="INVALID_JSON", message="is no JSON object to spread"
        )
    return Incoming(
        name=event_name(values, mapping),
        time_ms=time_ms,
        event_id=_text(values, mapping.event_id) or event_id,
        user_id=_text(values, mapping.user_id),
        anonymous_id=_text(values, mapping.anonymous_id),
        session_id=_text(values, mapping.session_id),
        properties=_properties(values, mapping, typed=typed) | members,
    )


def time_of(value: object, mapping: Mapping) -> int | None:
    """Read the time of an event, in milliseconds since 1970; None: it is none."""
    return read_time(value, zone=ZoneInfo(mapping.timezone), time_format=mapping.time_format)


def event_name(values: Values[str, object], mapping: Mapping) -> str:
    """Give the name of a record's event; it may be empty."""
    return mapping.name or _text(values, mapping.name_column)


def _properties(values: Values[str, object], mapping: Mapping, *, typed: bool) -> dict[str, Json]:
    if mapping.properties is not None:
        names = mapping.properties
    else:
        used = set(mapping.columns().values())
        names = {column: column for column in values if column not in used}
    return {
        name: json_of(value) if typed or column in mapping.texts else read_cell(str(value))
        for column, name in names.items()
        if (value := values.get(column)) is not None
    }


def _text(values: Values[str, object], column: str | None) -> str:
    return "" if column is None else printed_id(values.get(column))


def _list(columns: Sequence[str]) -> str:
    shown = ", ".join(columns[:20])
    return shown if len(columns) <= 20 else f"{shown}, … ({len(columns)} in all)"
