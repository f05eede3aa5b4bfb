"""What is found wrong with a request while it is read, by field path."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from google.protobuf.message import Message

from eventglass.errors import Violation

Request = TypeVar("Request", bound=Message)

# A field's place: its parent's place and its own name or index. None is the request itself. It is only
# spelled out when something is wrong there.
Path = tuple["Path", str | int] | None

# A request made of nothing but errors is not reported to its end.
_MOST = 100


@dataclass(slots=True)
class Findings:
    """All violations of a request's form, and the places that were not read because of them.

    Args:
        violations: what is wrong.
        unread: where.
        unchosen: the places that seem to lack what could not be read: those of messages of which one field
            must be set, and of the others that it could be.
    """

    violations: list[Violation] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    unchosen: set[str] = field(default_factory=set)

    def takes(self, _path: Path) -> bool:
        """Tell whether what is wrong at a place would be reported."""
        return len(self.violations) < _MOST

    def add(self, path: Path, code: str, description: str) -> None:
        """Note what is wrong at a place, which stays unread."""
        if self.takes(path):
            spelled = spell(path)
            self.violations.append(Violation(field=spelled, code=code, description=description))
            self.unread.add(spelled)

    def hide(self, found: Violation) -> bool:
        """Tell whether what a rule says means nothing, because of what could not be read."""
        if found.code == "UNUSED_FIELD" and any(each.code == "UNKNOWN_VALUE" for each in self.violations):
            return True  # what is used depends on what was to be chosen there
        path = found.field
        return (
            "" in self.unread
            or path in self.unchosen
            or any(path == place or path.startswith((place + ".", place + "[")) for place in self.unread)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[Request]):
    """A request that was read as far as it could be."""

    message: Request
    findings: Findings


def spell(path: Path) -> str:
    """Spell a place as in `query.filters[0].operator`."""
    parts: list[str] = []
    while path is not None:
        path, step = path
        parts.append(f"[{step}]" if isinstance(step, int) else f".{step}")
    return "".join(reversed(parts)).removeprefix(".")
