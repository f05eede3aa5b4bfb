"""Records that were appended are there after whatever happened to the process."""

import errno
import os
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventglass.errors import UnavailableError
from eventglass.ingest import journal as journal_module
from eventglass.ingest.journal import Journal

RECORDS = [b"first", b"second, longer", b"third"]


def _there(folder: Path) -> list[bytes]:
    return [record.to_pybytes() for record in Journal(folder).records()]


async def _written(folder: Path, *records: bytes) -> list[int]:
    journal = Journal(folder)
    numbers = [await journal.append(pa.py_buffer(record)) for record in records]
    journal.close()
    return numbers


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


async def test_records_come_back_in_their_order(folder: Path) -> None:
    assert _there(folder) == []

    await _written(folder, *RECORDS)
    await _written(folder, b"of another process")

    assert _there(folder) == [*RECORDS, b"of another process"]


@given(left=st.integers(0, sum(map(len, RECORDS)) + 8 * len(RECORDS)))
async def test_a_file_may_be_cut_off_anywhere(tmp_path_factory: pytest.TempPathFactory, left: int) -> None:
    folder = tmp_path_factory.mktemp("cut") / "journal"
    await _written(folder, *RECORDS)
    (file,) = _files(folder)
    os.truncate(file, left)
    await _written(folder, b"later")

    whole = [number for number in range(4) if sum(8 + len(each) for each in RECORDS[:number]) <= left]
    assert _there(folder) == [*RECORDS[: whole[-1]], b"later"]


@pytest.mark.parametrize("at", [0, 3, 4, 8, 10])
async def test_what_is_damaged_is_no_record(folder: Path, at: int) -> None:
    await _written(folder, b"damaged", b"behind")
    (file,) = _files(folder)
    content = bytearray(file.read_bytes())
    content[at] ^= 0x40
    file.write_bytes(content)

    size_is_known = at >= 4
    assert _there(folder) == [b"behind"] * size_is_known


async def test_zeros_that_a_file_system_leaves_are_no_records(folder: Path) -> None:
    await _written(folder, b"good")
    with _files(folder)[0].open("ab") as file:
        file.write(bytes(4096))

    assert _there(folder) == [b"good"]


@pytest.mark.parametrize("call", ["_write", "_sync", "sync_folder"])
async def test_after_a_failure_records_are_written_elsewhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    journal = Journal(folder)
    if call != "sync_folder":
        await journal.append(pa.py_buffer(b"before"))

    def fail(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(journal_module, call, fail)
        with pytest.raises(UnavailableError) as caught:
            await journal.append(pa.py_buffer(b"failed"))
    await journal.append(pa.py_buffer(b"after"))
    journal.close()

    assert caught.value.retry_after
    assert caught.value.reason == "DISK_FULL"
    assert _there(folder) == [b"before", b"after"][call == "sync_folder" :]


async def test_full_files_are_forgotten_by_their_numbers(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "_FULL_BYTES", 30)
    journal = Journal(folder)
    numbers = [await journal.append(pa.py_buffer(record)) for record in RECORDS]

    assert numbers[0] == numbers[1] < numbers[2]
    await journal.forget(numbers[0])
    assert _there(folder) == RECORDS
    await journal.forget(numbers[2])
    assert _there(folder) == RECORDS[2:]
    journal.close()


async def test_it_is_not_cleared_of_records_that_nobody_has_seen(folder: Path) -> None:
    journal = Journal(folder)
    for record in RECORDS:
        await journal.append(pa.py_buffer(record))

    await journal.clear(2)
    assert _there(folder) == RECORDS
    await journal.clear(3)
    assert _there(folder) == []

    await journal.append(pa.py_buffer(b"next"))
    assert _there(folder) == [b"next"]
    journal.close()
