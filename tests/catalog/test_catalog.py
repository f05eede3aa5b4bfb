import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text
from structlog.testing import capture_logs

from eventglass.catalog import upgrade
from eventglass.catalog.catalog import Catalog, in_directory, open_catalog
from eventglass.catalog.project import Access, Project, WeekStart
from eventglass.catalog.schema import METADATA
from eventglass.errors import (
    AlreadyExistsError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    UnauthenticatedError,
    UnavailableError,
)

SHOP = Project(id="shop", name="The shop", timezone="Europe/Berlin", week_start=WeekStart.SUNDAY)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/catalog.db"


@pytest.fixture
def catalog(url: str) -> Iterator[Catalog]:
    opened = open_catalog(url)
    opened.create_project(SHOP)
    opened.create_project(Project(id="other"))
    yield opened
    opened.close()


def test_a_project_comes_back_as_it_was_made(catalog: Catalog) -> None:
    assert catalog.project("shop") == SHOP
    assert [project.id for project in catalog.projects()] == ["other", "shop"]


def test_a_project_is_made_once(catalog: Catalog) -> None:
    with pytest.raises(AlreadyExistsError, match="shop"):
        catalog.create_project(SHOP)


def test_an_unknown_project_is_not_found(catalog: Catalog) -> None:
    with pytest.raises(NotFoundError):
        catalog.project("nope")
    with pytest.raises(NotFoundError):
        catalog.create_key("nope", [Access.READ])


@pytest.mark.parametrize("project_id", ["", "-a", "a b", "a/b", "x" * 65, "ä", "a\n"])
def test_ids_that_headers_could_not_carry_are_refused_with_all_that_is_wrong(
    catalog: Catalog, project_id: str
) -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        catalog.create_project(Project(id=project_id, timezone="Mars/Base"))

    assert [violation.field for violation in refused.value.violations] == ["id", "timezone"]


@pytest.mark.parametrize("timezone", ["localtime", "", "europe/berlin", "Europe"])
def test_a_project_has_a_zone_that_is_the_same_on_every_machine(catalog: Catalog, timezone: str) -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        catalog.create_project(Project(id="shop", timezone=timezone))

    assert [violation.code for violation in refused.value.violations] == ["UNKNOWN_TIMEZONE"]


def test_a_key_grants_its_access_to_its_project(catalog: Catalog) -> None:
    _, secret = catalog.create_key("shop", [Access.READ])

    grant = catalog.grant(secret, "shop")

    assert secret.startswith("eg_")
    assert grant.project == SHOP
    assert grant.access == {Access.READ}


def test_a_grant_is_kept_for_its_project_until_it_is_revoked(catalog: Catalog) -> None:
    key, secret = catalog.create_key("shop", [Access.READ])
    before = catalog.kept(secret, "shop")

    grant = catalog.grant(secret, "shop")

    assert before is None
    assert catalog.kept(secret, "shop") == grant
    assert catalog.kept(secret, "other") is None
    catalog.revoke_key(key.id)
    assert catalog.kept(secret, "shop") is None


@pytest.mark.parametrize("secret", ["", "eg_", "eg_nothing", "\0", "😀"])
def test_an_unknown_secret_is_unauthenticated(catalog: Catalog, secret: str) -> None:
    with pytest.raises(UnauthenticatedError):
        catalog.grant(secret, "shop")


def test_a_project_that_exists_and_one_that_does_not_look_alike_to_a_foreign_key(catalog: Catalog) -> None:
    _, secret = catalog.create_key("shop", [Access.READ, Access.WRITE])

    messages = []
    for project_id in ("other", "nope!"):
        with pytest.raises(PermissionDeniedError) as denied:
            catalog.grant(secret, project_id)
        messages.append(denied.value.message.replace(project_id, "…"))

    assert messages[0] == messages[1]


def test_a_revoked_key_is_unknown_at_once(catalog: Catalog) -> None:
    key, secret = catalog.create_key("shop", [Access.READ], name="dashboard")
    catalog.grant(secret, "shop")

    catalog.revoke_key(key.id)

    with pytest.raises(UnauthenticatedError):
        catalog.grant(secret, "shop")
    (listed,) = catalog.keys("shop")
    assert (listed.name, listed.revoked) == ("dashboard", True)


def test_a_key_revoked_elsewhere_is_unknown_when_the_cache_is_old(
    catalog: Catalog, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventglass.catalog.catalog.GRANT_SECONDS", 0.0)
    key, secret = catalog.create_key("shop", [Access.READ])
    catalog.grant(secret, "shop")
    elsewhere = open_catalog(url)

    elsewhere.revoke_key(key.id)
    elsewhere.close()

    with pytest.raises(UnauthenticatedError):
        catalog.grant(secret, "shop")


def test_no_secret_is_in_the_file(catalog: Catalog, tmp_path: Path) -> None:
    _, secret = catalog.create_key("shop", [Access.READ])

    assert secret.encode() not in (tmp_path / "catalog.db").read_bytes()


def test_the_catalog_outlives_its_process_and_migrations_run_once(catalog: Catalog, url: str) -> None:
    _, secret = catalog.create_key("shop", [Access.WRITE])

    again = open_catalog(url)

    assert again.grant(secret, "shop").access == {Access.WRITE}
    again.close()


def test_the_migrations_make_the_tables_of_the_schema(catalog: Catalog, url: str) -> None:
    engine = create_engine(url)
    inspector = inspect(engine)

    for table in METADATA.sorted_tables:
        columns = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
        assert columns == {column.name: column.nullable for column in table.columns}
    assert catalog.projects()
    engine.dispose()


def test_two_that_open_a_new_catalog_at_once_both_do(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    both, version = Barrier(2, timeout=10.0), upgrade._version

    def looked_up(connection: Connection) -> str | None:
        found = version(connection)
        both.wait()
        return found

    monkeypatch.setattr(upgrade, "_version", looked_up)
    with ThreadPoolExecutor(2) as threads:
        opened = [*threads.map(open_catalog, [url, url])]

    for each in opened:
        assert each.projects() == []
        each.close()


def test_the_version_is_that_of_the_newest_migration() -> None:
    folder = Path(upgrade.__file__).parent / "migrations"

    assert ScriptDirectory(folder).get_current_head() == upgrade.VERSION


def test_a_catalog_of_a_version_that_nobody_knows_is_not_opened(catalog: Catalog, url: str) -> None:
    with catalog.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(UnavailableError, match="newer version"):
        open_catalog(url)


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


@pytest.mark.parametrize("url", ["nonsense", "postgresql://user@host:port/db", "nosuch://host/db"])
def test_a_name_that_no_database_has_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(InvalidArgumentError, match="EVENTGLASS_CATALOG_URL: cannot be used"):
        open_catalog(url)


def _garbled(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 1_000)


def _cut_off(path: Path) -> None:
    """As a full disk, or a copy that broke off, leaves it."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 20_000)


@pytest.mark.parametrize("damage", [_garbled, _cut_off])
def test_a_damaged_catalog_says_so_at_the_start_and_what_to_do(
    catalog: Catalog, url: str, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    catalog.close()
    damage(tmp_path / "catalog.db")

    with capture_logs() as lines, pytest.raises(UnavailableError, match="put back a copy") as told:
        open_catalog(url)

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


def test_tables_that_are_gone_are_damage(catalog: Catalog) -> None:
    with catalog.transaction() as connection:
        connection.execute(text("DROP TABLE keys"))

    with pytest.raises(UnavailableError) as told:
        catalog.keys("shop")

    assert told.value.reason == "CATALOG_DAMAGED"


def test_a_catalog_that_another_program_holds_is_only_away(catalog: Catalog, tmp_path: Path) -> None:
    catalog.close()
    with sqlite3.connect(tmp_path / "catalog.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UnavailableError) as told:
            catalog.projects()
    other.close()

    assert told.value.reason == "CATALOG_UNAVAILABLE"


def test_a_key_needs_its_project(catalog: Catalog, tmp_path: Path) -> None:
    catalog.create_key("shop", [Access.READ])
    with sqlite3.connect(tmp_path / "catalog.db") as connection:
        ((count,),) = connection.execute("SELECT count(*) FROM keys WHERE project_id = 'shop'").fetchall()
    connection.close()

    assert count == 1
