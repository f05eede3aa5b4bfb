"""Small versions of the campaigns in benchmarks/, against real servers."""

import shutil
from pathlib import Path

import pytest

from benchmarks import exactly_once, kills, power_loss


def test_nothing_is_lost_or_doubled_when_the_server_is_killed(tmp_path: Path) -> None:
    found = kills.campaign(tmp_path, rounds=3, seed=1)

    assert found.kills == 3
    assert found.sent > 0
    assert (found.lost, found.doubled, found.strange) == (0, 0, 0)


def test_every_number_is_that_of_the_set_of_events_whatever_came_twice_or_late(tmp_path: Path) -> None:
    assert exactly_once.campaign(tmp_path, events=2_000, restarts=1, seed=1) == []


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("journaled", [False, True])
def test_a_batch_is_on_disk_when_it_is_acknowledged(tmp_path: Path, journaled: bool) -> None:
    assert power_loss.campaign(tmp_path, batches=5, journaled=journaled) == [[]] * 6


ON_DISK = """\
7 mkdir("/d/store", 0777) = 0
7 fdatasync(3</d>) = 0
7 mkdir("/d/store/tmp_insert_2026_1_1_0", 0777) = 0
7 openat(AT_FDCWD</>, "/d/store/tmp_insert_2026_1_1_0/data.bin", O_WRONLY|O_CREAT, 0666) = 4</d/store/tmp>
7 write(4</d/store/tmp_insert_2026_1_1_0/data.bin>, "a, \\"b\\"", 6) = 6
7 fdatasync(5</d/store/tmp_insert_2026_1_1_0>) = 0
8 fdatasync(4</d/store/tmp_insert_2026_1_1_0/data.bin> <unfinished ...>
7 write(6</d/log>, "x", 1) = 1
8 <... fdatasync resumed>) = 0
7 rename("/d/store/tmp_insert_2026_1_1_0/", "/d/store/2026_1_1_0/") = 0
7 fdatasync(5</d/store>) = 0
7 write(1<pipe:[1]>, "stored", 6) = 6
""".splitlines()
PART = "/d/store/2026_1_1_0"


@pytest.mark.parametrize(
    ("missing", "left"),
    [
        (None, []),
        ("fdatasync(3</d>)", ["/d/store"]),
        ("fdatasync(5</d/store>)", [PART]),
        ("fdatasync(5</d/store/tmp", [f"{PART}/data.bin"]),
        ("<... fdatasync", [f"{PART}/data.bin"]),
    ],
)
def test_what_was_not_synced_is_found_in_a_trace(missing: str | None, left: list[str]) -> None:
    trace = [line for line in ON_DISK if missing is None or missing not in line]

    assert power_loss.undurable(trace, Path("/d")) == [left]


@pytest.mark.parametrize(
    ("said", "left"), [("stored 1", []), ("stored all hashes", ["/d/all_1_1_0/data.bin"])]
)
def test_hashes_that_are_being_written_only_count_at_the_end(said: str, left: list[str]) -> None:
    trace = [
        'openat(AT_FDCWD</>, "/d/all_1_1_0/data.bin", O_WRONLY|O_CREAT, 0666) = 4</d/all_1_1_0/data.bin>',
        f'write(1<pipe:[1]>, "{said}", 8) = 8',
    ]

    assert power_loss.undurable([f"7 {line}" for line in trace], Path("/d")) == [left]


def test_a_part_that_is_deleted_need_not_be_on_disk() -> None:
    deleted = [*ON_DISK[:-1], f'7 rename("{PART}/", "/d/store/delete_tmp_2026_1_1_0/") = 0', ON_DISK[-1]]

    assert power_loss.undurable(deleted, Path("/d")) == [[]]


JOURNALED = """\
7 mkdir("/d/journal", 0777) = 0
7 openat(AT_FDCWD</>, "/d/journal/1.journal", O_WRONLY|O_CREAT, 0666) = 4</d/journal/1.journal>
7 fsync(5</d/journal>) = 0
7 fsync(6</d>) = 0
7 write(4</d/journal/1.journal>, "a", 1) = 1
7 fdatasync(4</d/journal/1.journal>) = 0
7 write(1<pipe:[1]>, "stored 0", 8) = 8
8 openat(AT_FDCWD</>, "/d/2026_1_1_0/data.bin", O_WRONLY|O_CREAT, 0666) = 7</d/2026_1_1_0/data.bin>
8 fdatasync(7</d/2026_1_1_0/data.bin>) = 0
8 fsync(8</d/2026_1_1_0>) = 0
7 unlink("/d/journal/1.journal") = 0
7 write(1<pipe:[1]>, "stored 1", 8) = 8
""".splitlines()


@pytest.mark.parametrize(
    ("missing", "left"),
    [
        (None, [[], []]),
        ("fsync(5", [["/d/journal/1.journal"], []]),
        ("fsync(6", [["/d/journal"], ["/d/journal"]]),
        ("fdatasync(4", [["/d/journal/1.journal"], []]),
        ("fsync(8", [[], ["/d/2026_1_1_0/data.bin"]]),
    ],
)
def test_what_of_a_journal_was_not_synced_is_found_in_a_trace(
    missing: str | None, left: list[list[str]]
) -> None:
    trace = [line for line in JOURNALED if missing is None or missing not in line]

    assert power_loss.undurable(trace, Path("/d"), journaled=True) == left
