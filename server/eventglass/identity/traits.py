"""Traits as the table stores them: a row per name that was given. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from eventglass.ingest.compact import Json, compact_json
from eventglass.ingest.identity import key_of
from eventglass.ingest.properties import Leaf, flatten

TAKEN_AWAY: Final = "null"

# Kinds as in sql/values.py, and one for the compact JSON of lists and objects.
_FALSE, _TRUE, _NUMBER, _TEXT, COMPOSITE = 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """A trait that was given to a user, or taken away.

    Args:
        own: the key of the user's id.
        name: as it was sent.
        since_ms: since when, in milliseconds since 1970.
        version: of the call that gave it; of one time the highest is true.
        given: the value as compact JSON; TAKEN_AWAY for none.
        leaves: what can be asked for, by whole names: kind, number, text.
    """

    own: int
    name: str
    since_ms: int
    version: int
    given: str
    leaves: Mapping[str, tuple[int, float, str]]


def traits_of(user_id: str, traits: Mapping[str, Json], *, since_ms: int, version: int) -> Iterator[Trait]:
    """Read the traits of a call."""
    for name, value in traits.items():
        is_there = value is not None and value != ""
        yield Trait(
            own=key_of(user_id),
            name=name,
            since_ms=since_ms,
            version=version,
            given=compact_json(value) if is_there else TAKEN_AWAY,
            leaves={path: _typed(leaf) for path, leaf in flatten({name: value}).items()},
        )


def is_news(trait: Trait, stored: Iterable[Trait]) -> bool:
    """Tell whether a trait says anything that is not known of its person.

    The same value since later is news: what was given for a time in between must not win over it, neither
    when it comes late nor when it comes with another person who is joined to this one.

    Args:
        trait: of a call.
        stored: the latest of that name under each user id of the person.
    """
    latest = max(stored, key=lambda each: (each.since_ms, each.version), default=None)
    return latest is None or (latest.since_ms, latest.given) != (trait.since_ms, trait.given)


def _typed(leaf: Leaf) -> tuple[int, float, str]:
    match leaf:
        case bool():
            return (_TRUE if leaf else _FALSE, 0.0, "")
        case str():
            return (_TEXT, 0.0, leaf)
        case list():
            return (COMPOSITE, 0.0, leaf[0])
        case _:
            return (_NUMBER, leaf, "")
