"""Names of properties, wherever in a message they are, and rules about them (semantics 3.9 to 3.12)."""

from collections.abc import Iterable, Iterator

from google.protobuf.message import Message

from eventglass.errors import Violation
from eventglass.planning.properties import (
    LONGEST_TRAIT_NAME,
    MOST_TRAIT_DOTS,
    TRAIT_PREFIXES,
    SessionEnd,
    is_name_of_trait,
)
from eventglass.spec.contents import contents

_FIELDS = frozenset(
    {"property", "then_by", "aggregation_property", "hold_constant", "node_property", "page_property"}
)
# What a trait may be called, in words.
TRAIT_NAMES = (
    f"a trait's whole name has at most {LONGEST_TRAIT_NAME:,} bytes and {MOST_TRAIT_DOTS} dots; shorten it"
)

_OF_SESSIONS = tuple(end.value for end in SessionEnd)


def names(path: str, message: Message) -> Iterator[tuple[str, str]]:
    """List the names of properties in a message, with the paths of their fields.

    Args:
        path: of the message; "" for the request itself.
        message: it.
    """
    for place, field, content in contents(path, message):
        if field.name in _FIELDS:
            yield place, content


def violations(path: str, message: Message) -> Iterator[Violation]:
    """Check what is asked of persons and of the ends of sessions."""
    named = list(names(path, message))
    yield from _of_traits(named)
    yield from _of_session_ends(named)


def _of_traits(named: Iterable[tuple[str, str]]) -> Iterator[Violation]:
    """Refuse names that no trait can have."""
    for place, name in named:
        for prefix in TRAIT_PREFIXES:
            if name == prefix:
                description = f'names no trait after "{prefix}"; write such as "{prefix}plan"'
                yield Violation(field=place, code="INVALID_NAME", description=description)
            elif name.startswith(prefix) and not is_name_of_trait(name.removeprefix(prefix)):
                yield Violation(field=place, code="TOO_LONG", description=f"names no trait: {TRAIT_NAMES}")


def _of_session_ends(named: Iterable[tuple[str, str]]) -> Iterator[Violation]:
    """Refuse what is no property or fact of an event."""
    for place, name in named:
        for prefix in _OF_SESSIONS:
            inner = name.removeprefix(prefix)
            if inner != name and (not inner or inner.startswith((*_OF_SESSIONS, *TRAIT_PREFIXES))):
                yield Violation(
                    field=place,
                    code="INVALID_NAME",
                    description=f'names no value of an event after "{prefix}"; write such as "{prefix}plan"',
                )


def beside_events(path: str, message: Message) -> Iterator[Violation]:
    """Refuse traits and values of sessions, where only what an event itself says is asked."""
    for place, name in names(path, message):
        if name.startswith((*TRAIT_PREFIXES, *_OF_SESSIONS)):
            yield Violation(
                field=place,
                code="UNUSED_FIELD",
                description=f'"{name[:100]}" is not of the event itself, and only that is asked here',
            )
