"""Every bucket has a number of its own, however many there are."""

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.sql.bucket_numbers import number_at
from eventglass.sql.fragment import sql, statement


async def test_numbers_beyond_16_bits(engine: Pool) -> None:
    edges = [position * 60_000 for position in range(70_000)]
    found = sql("SELECT {number} AS number", number=number_at(sql("toInt64(4199940001)"), edges))

    rows = await engine.query(statement(found, columns=1), Limits())

    assert [list(column) for column in rows.columns] == [[70_000]]
