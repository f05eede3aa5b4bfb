"""PostgreSQL as a server of its own, which others use, and which may go away, hang and come back."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy.exc import OperationalError

from eventglass.catalog import ask as module
from eventglass.catalog.ask import ask
from eventglass.catalog.catalog import open_catalog
from eventglass.catalog.failures import failure_of_call
from eventglass.catalog.project import Project
from eventglass.errors import InvalidArgumentError, UnavailableError
from tests.catalog.postgres import Postgres, running
from tests.patience import PATIENCE


@pytest.fixture
def frail(tmp_path: Path) -> Iterator[Postgres]:
    """One that nobody else uses."""
    with running(tmp_path / "data") as server:
        yield server


def test_one_that_was_away_is_used_again_by_the_first_call(frail: Postgres) -> None:
    catalog = open_catalog(frail.empty())
    catalog.create_project(Project(id="shop"))

    frail.kill()
    with pytest.raises(UnavailableError) as told:
        catalog.projects()
    frail.start()
    after = catalog.projects()
    frail.kill()
    frail.start()
    unnoticed = catalog.projects()

    assert told.value.reason == "CATALOG_UNAVAILABLE"
    assert [each.id for each in after] == [each.id for each in unnoticed] == ["shop"]
    catalog.close()


async def test_nobody_waits_for_long_for_one_that_hangs(
    frail: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SECONDS", 0.2)
    catalog = open_catalog(frail.empty())
    catalog.create_project(Project(id="shop"))

    with frail.held():
        told = await asyncio.gather(*(ask(catalog.projects) for _ in range(20)), return_exceptions=True)
        beside = await asyncio.to_thread(len, "other threads")
    monkeypatch.undo()
    after = await ask(catalog.projects)
    # What hung is through when all threads meet, though nobody waits for what it tells.
    number = module._THREADS._max_workers
    all_threads = Barrier(number, timeout=PATIENCE)
    await asyncio.gather(*(ask(all_threads.wait) for _ in range(number)))

    assert {type(each) for each in told} == {UnavailableError}
    assert beside == 13
    assert [each.id for each in after] == ["shop"]
    catalog.close()


def test_one_that_is_not_there_is_told_without_its_password(postgres: Postgres) -> None:
    url = postgres.empty().replace("postgres:@", "postgres:secret@").replace("/catalog_", "/nothing_")

    with pytest.raises(UnavailableError, match=r"cannot be opened: .* does not exist") as told:
        open_catalog(url)

    assert "secret" not in told.value.message


def test_a_full_disk_is_told_as_such() -> None:
    class FullError(Exception):
        sqlstate = "53100"

    assert failure_of_call(OperationalError("INSERT", {}, FullError("no space left"))).reason == "DISK_FULL"


def test_a_driver_that_is_not_installed_is_named_with_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(InvalidArgumentError, match=r"eventglass\[postgres\]"):
        open_catalog("postgresql://user@host/db")
