"""One demo server for all tests that only ask it or write to projects of their own."""

from collections.abc import Iterator

import pytest

from tests.cli.process import Serving, serving_demo


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving_demo(tmp_path_factory.mktemp("served")) as serving:
        yield serving
