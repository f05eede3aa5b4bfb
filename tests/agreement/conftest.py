import pytest

from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.writer import Writer
from tests.agreement.asking import Asking, Tally


@pytest.fixture(scope="module")
def asking(engine: Pool, writer: Writer, register: Register) -> Asking:
    return Asking(engine=engine, writer=writer, register=register)


@pytest.fixture(scope="module")
def tally() -> Tally:
    """What this file's run compared."""
    return Tally()
