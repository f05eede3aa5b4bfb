"""The catalog as a file of SQLite's."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from eventglass.catalog.catalog import Catalog, in_directory, open_catalog
from eventglass.catalog.project import Access
from eventglass.errors import UnavailableError
from tests.catalog.conftest import opened


@pytest.fixture
def catalog(file_url: str) -> Iterator[Catalog]:
    yield from opened(file_url)


def test_no_secret_is_in_the_file(catalog: Catalog, tmp_path: Path) -> None:
    _, secret = catalog.create_key("shop", [Access.READ])

    assert secret.encode() not in (tmp_path / "catalog.db").read_bytes()


def test_a_catalog_that_cannot_be_opened_says_which_and_why(tmp_path: Path) -> None:
    with pytest.raises(
        UnavailableError, match=r"nowhere/catalog\.db cannot be opened: unable to open"
    ) as told:
        open_catalog(f"sqlite:///{tmp_path}/nowhere/catalog.db")

    assert told.value.reason == "CATALOG_UNAVAILABLE"


@pytest.mark.parametrize("name", ["a?b", "a#b", "a%20b", "ä b", "file:a"])
def test_a_catalog_is_in_its_directory_whatever_that_is_called(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()

    open_catalog(in_directory(folder)).close()

    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert [each.name for each in folder.iterdir()] == ["catalog.db"]


def _garbled(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 1_000)


def _cut_off(path: Path) -> None:
    """As a full disk, or a copy that broke off, leaves it."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 20_000)


@pytest.mark.parametrize("damage", [_garbled, _cut_off])
def test_a_damaged_catalog_says_so_at_the_start_and_what_to_do(
    catalog: Catalog, file_url: str, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    catalog.close()
    damage(tmp_path / "catalog.db")

    with capture_logs() as lines, pytest.raises(UnavailableError, match="put back a copy") as told:
        open_catalog(file_url)

    assert (told.value.reason, lines) == ("CATALOG_DAMAGED", [])
    assert f"the catalog {tmp_path}/catalog.db is damaged (" in told.value.message
    assert "\n" not in told.value.message


def test_callers_of_a_server_whose_catalog_is_damaged_are_told_so(catalog: Catalog, tmp_path: Path) -> None:
    _, secret = catalog.create_key("shop", [Access.READ])
    catalog.close()
    _garbled(tmp_path / "catalog.db")

    with capture_logs() as lines, pytest.raises(UnavailableError, match="is damaged") as told:
        catalog.grant(secret, "shop")

    assert told.value.reason == "CATALOG_DAMAGED"
    assert str(tmp_path) not in told.value.message
    assert [(line["log_level"], line["error"]) for line in lines] == [("error", "file is not a database")]


def test_a_catalog_that_another_program_holds_is_only_away(catalog: Catalog, tmp_path: Path) -> None:
    catalog.close()
    with sqlite3.connect(tmp_path / "catalog.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UnavailableError) as told:
            catalog.projects()
    other.close()

    assert told.value.reason == "CATALOG_UNAVAILABLE"
    assert told.value.retry_after is not None


@pytest.mark.usefixtures("catalog")
def test_a_catalog_that_can_only_be_read_is_no_matter_of_waiting(tmp_path: Path) -> None:
    """As a command that another user ran leaves it, with a umask of 022."""
    read_only = open_catalog(f"sqlite:///file:{tmp_path}/catalog.db?mode=ro&uri=true")

    with pytest.raises(UnavailableError, match=r"can only be read; .* let its user write it") as told:
        read_only.create_key("shop", [Access.READ])
    read_only.close()

    assert (told.value.reason, told.value.retry_after) == ("CATALOG_UNAVAILABLE", None)
    assert str(tmp_path) not in told.value.message


def test_writing_to_a_file_that_was_moved_says_so(catalog: Catalog, tmp_path: Path) -> None:
    catalog.ping()
    _move(tmp_path / "catalog.db")

    with pytest.raises(UnavailableError, match="is not where it was") as told:
        catalog.create_key("shop", [Access.READ])

    assert told.value.reason == "CATALOG_UNAVAILABLE"


def _move(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def _replace(path: Path) -> None:
    _move(path)
    open_catalog(f"sqlite:///{path}").close()


@pytest.mark.parametrize("lose", [Path.unlink, _move, _replace])
def test_a_file_that_is_not_where_it_was_is_noticed(
    catalog: Catalog, tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    """SQLite goes on with it, and whatever is written would be missing after the next start."""
    catalog.ping()
    lose(tmp_path / "catalog.db")

    with capture_logs() as lines, pytest.raises(UnavailableError, match="is not where it was") as told:
        catalog.ping()

    assert told.value.reason == "CATALOG_UNAVAILABLE"
    assert str(tmp_path) not in told.value.message
    assert [(line["log_level"], line["place"]) for line in lines] == [("error", f"{tmp_path}/catalog.db")]


def test_a_file_that_is_put_back_is_the_same(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "catalog.db").rename(tmp_path / "moved.db")
    (tmp_path / "moved.db").rename(tmp_path / "catalog.db")

    catalog.ping()
