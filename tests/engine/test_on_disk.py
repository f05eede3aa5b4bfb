"""Files are searched whole, in slices. That compressed ones are, too, tests/identity tells."""

import tracemalloc
from pathlib import Path

import pytest

from eventglass.engine.on_disk import files_with

_MIB = 2**20
_WANTED = b"somebody"


@pytest.mark.parametrize("at", [0, 4 * _MIB - 3, 8 * _MIB - len(_WANTED), 64 * _MIB - len(_WANTED)])
def test_a_file_is_searched_whole_and_never_held_whole(tmp_path: Path, at: int) -> None:
    file = tmp_path / "large.bin"
    with file.open("wb") as large:
        large.truncate(64 * _MIB)
        large.seek(at)
        large.write(_WANTED)

    tracemalloc.start()
    found = files_with(tmp_path, [_WANTED, b"nobody"])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == {file: {_WANTED}}
    assert peak < 16 * _MIB


def test_an_empty_file_has_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.bin").touch()

    assert files_with(tmp_path, [_WANTED]) == {}
