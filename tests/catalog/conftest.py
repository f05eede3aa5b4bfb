"""A catalog, once in each database that it can be in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eventglass.catalog.catalog import Catalog, open_catalog
from eventglass.catalog.project import Project, WeekStart
from tests.catalog.postgres import Postgres, running

SHOP = Project(id="shop", name="The shop", timezone="Europe/Berlin", week_start=WeekStart.SUNDAY)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with running(tmp_path_factory.mktemp("postgres") / "data") as server:
        yield server


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/catalog.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, file_url: str) -> str:
    if request.param == "sqlite":
        return file_url
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.empty()


def opened(url: str) -> Iterator[Catalog]:
    """Open a catalog with two projects."""
    catalog = open_catalog(url)
    catalog.create_project(SHOP)
    catalog.create_project(Project(id="other"))
    yield catalog
    catalog.close()


@pytest.fixture
def catalog(url: str) -> Iterator[Catalog]:
    yield from opened(url)
