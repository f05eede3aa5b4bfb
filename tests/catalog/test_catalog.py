from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, insert, inspect, text
from sqlalchemy.exc import IntegrityError

from eventglass.catalog import upgrade
from eventglass.catalog.catalog import Catalog, open_catalog
from eventglass.catalog.project import Access, Project
from eventglass.catalog.schema import KEYS, METADATA
from eventglass.errors import (
    AlreadyExistsError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    UnauthenticatedError,
    UnavailableError,
)
from tests.catalog.conftest import SHOP
from tests.patience import PATIENCE


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


@pytest.mark.parametrize("odd", ["nope", "", "a\0b", "x" * 1_000, "0" * 32])
def test_ids_of_nothing_are_not_found_in_any_database(catalog: Catalog, odd: str) -> None:
    with pytest.raises(NotFoundError):
        catalog.project(odd)
    with pytest.raises(NotFoundError):
        catalog.revoke_key(odd)


@pytest.mark.parametrize("name", ["x" * 201, "a\0b"])
def test_a_name_that_not_every_database_keeps_is_refused(catalog: Catalog, name: str) -> None:
    with pytest.raises(InvalidArgumentError, match="at most 200 characters"):
        catalog.create_project(Project(id="new", name=name))
    with pytest.raises(InvalidArgumentError, match="at most 200 characters"):
        catalog.create_key("shop", [Access.READ], name=name)


@pytest.mark.parametrize("name", ["", "größe 😀", "a\nb", "ä" * 200])
def test_any_other_name_comes_back(catalog: Catalog, name: str) -> None:
    catalog.create_project(Project(id="new", name=name))
    key, _ = catalog.create_key("new", [Access.READ], name=name)

    assert catalog.project("new").name == name
    assert catalog.keys("new") == [key]


def test_projects_are_by_code_point(catalog: Catalog) -> None:
    for project_id in ("b", "B", "a-b", "a_b", "aB"):
        catalog.create_project(Project(id=project_id))

    found = [project.id for project in catalog.projects()]

    assert found == sorted(found)
    assert len(found) == 7


def test_keys_are_in_the_order_in_which_they_were_made(catalog: Catalog) -> None:
    made = [catalog.create_key("shop", [Access.READ])[0] for _ in range(8)]

    assert catalog.keys("shop") == made


def test_a_key_needs_its_project(catalog: Catalog) -> None:
    values = {"id": "1", "project_id": "nope", "name": "", "secret_sha256": "2", "access": "read"}

    with pytest.raises(IntegrityError), catalog.transaction() as connection:
        connection.execute(insert(KEYS).values(values))


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


def test_the_closest_zone_is_suggested_to_who_makes_a_project(catalog: Catalog) -> None:
    with pytest.raises(InvalidArgumentError, match='did you mean "Europe/Berlin"'):
        catalog.create_project(Project(id="shop", timezone="Europe/Berlyn"))


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
    both, version = Barrier(2, timeout=PATIENCE), upgrade._version

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


@pytest.mark.parametrize(
    "url", ["nonsense", "postgresql://user@host:port/db", "nosuch://host/db", "sqlite:////c.db?mode=ro"]
)
def test_a_name_that_no_database_has_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(InvalidArgumentError, match="EVENTGLASS_CATALOG_URL: cannot be used"):
        open_catalog(url)


def test_tables_that_are_gone_are_damage(catalog: Catalog) -> None:
    with catalog.transaction() as connection:
        connection.execute(text("DROP TABLE keys"))

    with pytest.raises(UnavailableError) as told:
        catalog.keys("shop")

    assert told.value.reason == "CATALOG_DAMAGED"
