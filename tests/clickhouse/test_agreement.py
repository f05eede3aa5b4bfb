"""Every kind of insight again, through clickhouse-connect's HTTP client, against the oracle."""

import importlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.writer import Writer
from tests import agreement
from tests.agreement.agreeing import Kind, agree
from tests.agreement.asking import Asking, Tally

_FILES = sorted(Path(agreement.__path__[0]).glob("test_*.py"))
_MODULES = [importlib.import_module(f"tests.agreement.{file.stem}") for file in _FILES]
# That one asks the engine nothing but conditions.
_OTHERS = {"tests.agreement.test_live_matching"}
KINDS = {
    module.__name__.rpartition("test_")[2]: module.KIND
    for module in _MODULES
    if hasattr(module, "KIND") and module.__name__ not in _OTHERS
}


def test_kinds_are_found() -> None:
    assert {"series", "funnel", "retention", "lifecycle"} <= KINDS.keys()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
async def test_a_server_answers_as_the_oracle(
    data: st.DataObject, kind: Kind, engine: Pool, writer: Writer, register: Register
) -> None:
    await agree(kind, data, Asking(engine=engine, writer=writer, register=register), Tally())
