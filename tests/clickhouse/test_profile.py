"""A ClickHouse server whose profile has otherwise what it may: the same answers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from types import MappingProxyType

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from eventglass.engine.clickhouse import open_clickhouse
from eventglass.engine.pool import Pool
from eventglass.engine.settings import EngineSettings
from eventglass.identity.register import Register, open_register
from eventglass.ingest.writer import Writer, open_writer
from tests.clickhouse.conftest import running
from tests.clickhouse.test_agreement import KINDS, TWO_WORLDS, compare

# What statements mean, and whether they are answered anew, otherwise than it comes.
PROFILE = MappingProxyType(
    {
        "aggregate_functions_null_for_empty": "1",
        "any_join_distinct_right_table_keys": "1",
        "cast_keep_nullable": "1",
        "compatibility": "23.8",
        "data_type_default_nullable": "1",
        "group_by_use_nulls": "1",
        "join_use_nulls": "1",
        "prefer_column_name_to_alias": "1",
        "session_timezone": "America/New_York",
        "short_circuit_function_evaluation": "disable",
        "transform_null_in": "1",
        "use_query_cache": "1",
        # Else the client's own first question is refused.
        "query_cache_nondeterministic_function_handling": "save",
        "query_cache_system_table_handling": "save",
    }
)
_ASKED = ("series", "funnel", "retention", "event_hours", "gathered_sessions")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Pool, Writer, Register]]:
    """Give the engine of such a server, and who stores in it."""
    async with AsyncExitStack() as stack:
        server = stack.enter_context(running(tmp_path_factory.mktemp("profile"), profile=PROFILE))
        engine = open_clickhouse(server.dsn, EngineSettings(max_memory_bytes=2**30, max_seconds=300))
        stack.push_async_callback(engine.close)
        register = await open_register(engine)
        stack.push_async_callback(register.close)
        writer = await open_writer(engine)
        stack.push_async_callback(writer.close)
        yield engine, writer, register


@pytest.mark.parametrize("kind", _ASKED)
@TWO_WORLDS
@given(data=st.data())
async def test_a_server_of_any_profile_answers_as_the_oracle(
    data: st.DataObject, kind: str, opened: tuple[Pool, Writer, Register]
) -> None:
    await compare(KINDS[kind], data, *opened)
