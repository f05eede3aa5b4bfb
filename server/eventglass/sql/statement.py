"""What the engine is asked: text and typed parameters."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One SELECT, or a change of tables.

    Args:
        text: SQL with `{name:Type}` placeholders.
        parameters: their values, by name; an array's is a tuple.
        columns: how many it selects; None where nobody has counted.
    """

    text: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    columns: int | None = None

    @property
    def hash(self) -> str:
        """Name the text, whatever its parameters: 16 hex digits."""
        return hashlib.blake2b(self.text.encode(), digest_size=8).hexdigest()
