"""API keys: a secret that its holder sees once, and what is kept of it."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from eventglass.catalog.project import Access

PREFIX = "eg_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key, as it can be listed.

    Args:
        id: names it; no secret.
        project_id: the project it is for.
        name: for people.
        access: what it may do.
        revoked: whether it may nothing any more.
    """

    id: str
    project_id: str
    name: str
    access: frozenset[Access]
    revoked: bool


def new_secret() -> str:
    """Make a secret of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """Give what is kept of a secret. A fast hash is enough, as no secret can be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def access_text(access: Iterable[Access]) -> str:
    """Write a set of accesses as the catalog keeps it."""
    return ",".join(sorted(each.value for each in access))


def read_access(text: str) -> frozenset[Access]:
    """Read what `access_text` wrote."""
    return frozenset(map(Access, filter(None, text.split(","))))
