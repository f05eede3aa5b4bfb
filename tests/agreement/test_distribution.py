from dataclasses import replace

from hypothesis import strategies as st

from tests.agreement.agreeing import SPECS_PER_WORLD, Kind, agree, check, compared
from tests.agreement.asking import Asking, Tally
from tests.oracle.distribution_accounts import account_for_all
from tests.oracle.distribution_specs import (
    distribution_specs,
    distribution_worlds,
    every_distribution_option,
    options_of_distribution,
)

KIND = Kind(
    worlds=distribution_worlds,
    specs=distribution_specs,
    options_of=options_of_distribution,
    every_option=every_distribution_option(first_time=True),
    specs_in_full=2_000,
)


@compared(KIND)
async def test_engine_and_oracle_agree(data: st.DataObject, asking: Asking, tally: Tally) -> None:
    await agree(KIND, data, asking, tally)


def test_the_run_was_large_and_a_full_one_reached_every_option(tally: Tally) -> None:
    check(KIND, tally)


@compared(replace(KIND, specs_in_full=400))
async def test_all_numbers_are_in_bins(data: st.DataObject, asking: Asking) -> None:
    world = data.draw(distribution_worlds(all_have_ids=True))
    project = await asking.store(world)
    for _ in range(SPECS_PER_WORLD):
        spec = data.draw(distribution_specs(world, first_time=True))

        account_for_all((await asking.answer(spec, world, project)).distribution)
