"""The paths of properties by their names, kept: callers use the same few names."""

from typing import Final

from eventglass.engine.layout import is_hashed, property_path

# Though they may send any.
_LONGEST_KEPT: Final = 64
_MOST_KEPT: Final = 10_000


class _SpelledPaths(dict[str, str]):
    def __missing__(self, name: str) -> str:
        path = property_path(name)
        path = "" if is_hashed(path) else path
        if len(name) <= _LONGEST_KEPT and len(self) < _MOST_KEPT:
            self[name] = path
        return path


# The path of a name, where it spells the name; else "".
SPELLED_PATHS: Final = _SpelledPaths()
