"""A demo server for all pages, and a project of its own for each page that sends events."""

from collections.abc import Iterator

import pytest

from tests.cli.process import Serving, serving_demo


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving_demo(tmp_path_factory.mktemp("documented")) as serving:
        yield serving
