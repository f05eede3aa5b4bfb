"""Small versions of the campaigns in benchmarks/, against real servers."""

from pathlib import Path

from benchmarks import kills


def test_nothing_is_lost_or_doubled_when_the_server_is_killed(tmp_path: Path) -> None:
    found = kills.campaign(tmp_path, rounds=3, seed=1)

    assert found.kills == 3
    assert found.sent > 0
    assert (found.lost, found.doubled, found.strange) == (0, 0, 0)
