"""Every kind of insight again, through clickhouse-connect's HTTP client, against the oracle."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from eventglass.engine.pool import Pool
from eventglass.engine.promoted import promote
from eventglass.identity.register import Register
from eventglass.ingest.writer import Writer
from tests.agreement.agreeing import Kind, agree
from tests.agreement.asking import Asking, Tally
from tests.agreement.kinds import kinds
from tests.agreement.test_active_hours import KIND as ACTIVE_HOURS
from tests.agreement.test_event_hours import KIND as EVENT_HOURS
from tests.agreement.test_first_times import KIND as FIRST_TIMES
from tests.agreement.test_gathered_sessions import KIND as GATHERED_SESSIONS
from tests.oracle import pools

KINDS = {
    **kinds(),
    "active_hours": ACTIVE_HOURS,
    "event_hours": EVENT_HOURS,
    "first_times": FIRST_TIMES,
    "gathered_sessions": GATHERED_SESSIONS,
}

_SPECS_PER_WORLD = 6
TWO_WORLDS = settings(
    max_examples=2,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


def test_kinds_are_found() -> None:
    assert {"series", "funnel", "retention", "lifecycle"} <= KINDS.keys()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
@TWO_WORLDS
@given(data=st.data())
async def test_a_server_answers_as_the_oracle(
    data: st.DataObject, kind: Kind, engine: Pool, writer: Writer, register: Register
) -> None:
    await compare(kind, data, engine, writer, register)


async def compare(kind: Kind, data: st.DataObject, engine: Pool, writer: Writer, register: Register) -> None:
    """Compare some answers of a server about one world with the oracle's."""
    several = replace(kind, specs_per_world=_SPECS_PER_WORLD)
    await promote(engine, pools.PROPERTIES, drop_others=False)
    promoted = frozenset(pools.PROPERTIES)
    asking = Asking(engine=engine, writer=writer, register=register, promoted=promoted)
    await agree(several, data, asking, Tally())
