from pathlib import Path

import pytest

from eventglass.engine.pool import Pool
from tests.ingest.journaling import Stuck
from tests.ingest.looking import Faulty


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def faulty(engine: Pool) -> Faulty:
    return Faulty(engine)


@pytest.fixture
def stuck(engine: Pool) -> Stuck:
    return Stuck(engine)
