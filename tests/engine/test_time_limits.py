"""How long a statement may take is told to the engine so that it takes it."""

import asyncio

import pytest

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.engine.select import select
from eventglass.engine.settings import EngineSettings, SettingValues, select_settings
from eventglass.sql.statement import Statement

# Cut to whole microseconds twice, as doubles, these lose one of them each time.
ODD = [0.065187, 0.125128, 0.128017, 0.130265, 4.000011, 4.194297]


def _settings(seconds: float) -> SettingValues:
    return select_settings(EngineSettings(), Limits(), seconds=seconds, threads=1, tag="time", readonly=1)


@pytest.mark.parametrize("seconds", ODD)
async def test_the_engine_takes_every_time(engine: Pool, seconds: float) -> None:
    def ask() -> object:
        with engine._asking.lend() as client:
            return select(client, Statement(text="SELECT 1"), _settings(seconds)).columns[0][0]

    assert await asyncio.to_thread(ask) == 1


@pytest.mark.parametrize("seconds", [*ODD, 1e-9, 1e-6, 0.003919, 0.2, 1.0, 29.999999, 30.0, 1e9])
def test_a_time_is_cut_by_no_more_than_it_takes_to_be_read_as_itself(seconds: float) -> None:
    told = float(_settings(seconds)["max_execution_time"])

    assert told == pytest.approx(seconds, rel=1e-9, abs=1e-5)
    assert told > 0
    microseconds = int(told * 1e6)
    assert int(microseconds / 1e6 * 1e6) == microseconds
