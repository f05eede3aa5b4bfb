import os
import subprocess
import sys
from pathlib import Path

import pytest

from eventglass.engine.embedded import open_embedded
from eventglass.engine.lock import lock
from eventglass.errors import UnavailableError
from tests.patience import PATIENCE


def test_a_second_engine_is_told_who_has_the_directory_in_one_line(tmp_path: Path) -> None:
    release = lock(tmp_path / "new")

    with pytest.raises(UnavailableError) as refused:
        lock(tmp_path / "new")

    assert refused.value.reason == "DATA_DIRECTORY_IN_USE"
    assert f"in use by process {os.getpid()};" in refused.value.message
    assert "\n" not in refused.value.message
    release()
    lock(tmp_path / "new")()


def test_another_process_is_refused_too_and_a_dead_one_has_no_lock(tmp_path: Path) -> None:
    program = """
import sys, os, signal
from pathlib import Path
from eventglass.engine.embedded import open_embedded
from eventglass.errors import UnavailableError
try:
    open_embedded(Path(sys.argv[1]))
except UnavailableError as error:
    sys.exit(error.message)
os.kill(os.getpid(), signal.SIGKILL)
"""
    command = [sys.executable, "-c", program, str(tmp_path)]
    release = lock(tmp_path)

    refused = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    release()
    killed = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)

    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert f"process {os.getpid()}" in refused.stderr
    assert killed.returncode == -9
    lock(tmp_path)()


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(UnavailableError, match="file/data cannot be used"):
        lock(tmp_path / "file" / "data")


def test_a_path_that_the_engine_would_take_for_another_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="question mark"):
        open_embedded(tmp_path / "what?" / "data")

    assert not [*tmp_path.iterdir()]
