"""What is written in the embedded engine's files: all of them, decompressed, searched for bytes.

A proof that something is gone must not ask the engine, which hides what it means to remove later.
ClickHouse's compressed files are blocks: a checksum (16 bytes), the method (1), the block's size with this
header of 9 bytes but without the checksum (4, little-endian), the size of its content (4), the content.
"""

import mmap
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

_CHECKSUM = 16
_HEADER = struct.Struct("<BII")
_LARGEST_BLOCK = 2**28
# Of a file that is looked at as it is.
_SLICE = 2**22

# A file may be larger than memory, so that only slices of it are taken.
_Data = bytes | mmap.mmap

_NONE, _LZ4, _ZSTD, _SEVERAL = 0x02, 0x82, 0x90, 0x91
_CODECS = {_LZ4: "lz4_raw", _ZSTD: "zstd"}


def files_with(folder: Path, wanted: Iterable[bytes]) -> dict[Path, set[bytes]]:
    """Find the files of a folder, at any depth, that contain some bytes, as they are or decompressed."""
    patterns = list(wanted)
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and (here := _contained(file, patterns)):
            found[file] = here
    return found


def _contained(file: Path, patterns: list[bytes]) -> set[bytes]:
    longest = max(map(len, patterns), default=0)
    found: set[bytes] = set()
    tail = b""
    with _mapped(file) as mapped:
        for content in _contents(mapped):
            # What is wanted may begin in one block and end in the next.
            data = tail + content
            found |= {pattern for pattern in patterns if pattern in data}
            tail = data[-longest + 1 :] if longest > 1 else b""
    return found


def count_in(file: Path, wanted: bytes) -> int:
    """Count how often the blocks of a file hold some bytes, which may begin in one and end in the next."""
    number = 0
    tail = b""
    with _mapped(file) as mapped:
        for content in _blocks(mapped):
            data = tail + content
            number += data.count(wanted)
            tail = data[len(data) - len(wanted) + 1 :] if len(data) >= len(wanted) else data
    return number


@contextmanager
def _mapped(file: Path) -> Iterator[_Data]:
    with file.open("rb") as opened:
        if not file.stat().st_size:
            yield b""  # cannot be mapped
            return
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            yield mapped


def _contents(data: _Data) -> Iterator[bytes]:
    """Give a file as it is, and the content of its blocks, if it is made of some."""
    for at in range(0, len(data), _SLICE):
        yield data[at : at + _SLICE]
    yield from _blocks(data)


def _blocks(data: _Data) -> Iterator[bytes]:
    at = 0
    while (block := _block(data, at + _CHECKSUM)) is not None:
        size, content = block
        yield content
        at += _CHECKSUM + size


def _block(data: _Data, at: int) -> tuple[int, bytes] | None:
    """Read the block whose header is at a place: its size, and its content. None: there is none."""
    if at + _HEADER.size > len(data):
        return None
    method, size, content_size = _HEADER.unpack_from(data, at)
    if not _HEADER.size <= size <= len(data) - at or content_size > _LARGEST_BLOCK:
        return None
    return size, _decompressed(method, data[at + _HEADER.size : at + size], content_size)


def _decompressed(method: int, payload: bytes, size: int) -> bytes:
    """Undo one method; several of them one after the other, as far as they are general ones.

    What is left then are differences of times and versions, which hold no ids.
    """
    if method in _CODECS:
        content = pa.Codec(_CODECS[method]).decompress(payload, size)
        return bytes(content)
    if method == _SEVERAL and payload:
        inner = _block(payload, 1 + payload[0])
        return payload if inner is None else inner[1]
    return payload
