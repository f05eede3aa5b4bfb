from hypothesis import strategies as st

from tests.agreement.agreeing import Kind, agree, check, compared
from tests.agreement.asking import Asking, Tally
from tests.oracle.funnel_coverage import every_retention_option, options_of_retention
from tests.oracle.funnel_worlds import retention_worlds
from tests.oracle.retention_specs import retention_specs

KIND = Kind(
    worlds=retention_worlds,
    specs=retention_specs,
    options_of=options_of_retention,
    every_option=every_retention_option(first_time=True),
    specs_in_full=2_000,
)


@compared(KIND)
async def test_engine_and_oracle_agree(data: st.DataObject, asking: Asking, tally: Tally) -> None:
    await agree(KIND, data, asking, tally)


def test_the_run_was_large_and_a_full_one_reached_every_option(tally: Tally) -> None:
    check(KIND, tally)
