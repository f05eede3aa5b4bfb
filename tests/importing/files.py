"""Files to import, and what becomes of them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from eventglass.ingest.importer import Summary
from eventglass.ingest.mapping import Mapping

NOW = datetime(2026, 5, 1, tzinfo=UTC)
SIMPLE = Mapping(timestamp="at", name="visit", user_id="who")

Write = Callable[[str, str], Path]


class Load(Protocol):
    def __call__(self, path: Path, mapping: Mapping = ..., /) -> Awaitable[Summary]: ...


class Stored(Protocol):
    def __call__(self, columns: str = ..., /) -> Awaitable[list[tuple[object, ...]]]: ...


Properties = Callable[[], Awaitable[list[dict[str, object]]]]
