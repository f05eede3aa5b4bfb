"""Quotes of CSV files that swallow rows, and such that do not."""

import pytest

from eventglass.errors import InvalidArgumentError
from tests.importing.files import Load, Properties, Stored, Write


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        pytest.param('2024-01-02,"5 inch\n' + "2024-01-03,v\n" * 20_000, 3, id="never closed"),
        pytest.param('2024-01-02,"5 inch\n2024-01-03,v\n2024-01-03,"v"\n', 3, id="closed by another"),
        pytest.param('2024-01-02,"a\nb"\n2024-01-02,"5 inch\n2024-01-03,v\n', 5, id="after a long cell"),
    ],
)
async def test_a_quote_that_swallows_rows_is_an_error_with_its_line(
    load: Load, write: Write, rows: str, first: int
) -> None:
    path = write("a.csv", f"at,who\n2024-01-01,u\n{rows}")

    told = rf"a\.csv cannot be read: in the row that begins in line {first} a quote is opened and not closed"
    with pytest.raises(InvalidArgumentError, match=told):
        await load(path)


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        pytest.param('u,2024-01-01,"5 inch\nv,2024-01-02,19"\n', 1, id="one"),
        pytest.param('u,2024-01-01,"5 inch\r\nv,2024-01-02,a\r\nw,2024-01-03,b"\r\n', 2, id="two"),
    ],
)
async def test_a_row_whose_cell_holds_rows_is_refused(
    load: Load, write: Write, rows: str, lines: int
) -> None:
    summary = await load(write("a.csv", f"who,at,p\n{rows}"))

    (refused,) = summary.refused
    assert (summary.accepted, refused.reason, refused.examples[0][0]) == (0, "INVALID_CSV", 2 + lines)
    assert refused.examples[0][1].startswith(f"p holds {lines} further lines that are rows")


@pytest.mark.parametrize(
    "text", ["a\nb", "a\n2024-01-01", "a\nv,2024-01-02,x\nend", "a\nv,soon,x", "a\n", "\n\n"]
)
async def test_texts_of_many_lines_are_no_rows(
    load: Load, write: Write, text: str, properties: Properties
) -> None:
    await load(write("a.csv", f'who,at,p\nu,2024-01-01,"{text}"\n'))

    assert await properties() == [{"p": text}]


async def test_a_quote_out_of_place_refuses_its_row_and_cells_may_have_line_breaks(
    load: Load, write: Write, stored: Stored
) -> None:
    path = write(
        "a.csv", 'at,who\n2024-01-01,"5" inch\n2024-01-02,"a\n""b"""\n2024-01-03,3"\n2024-01-04,"u\n'
    )

    summary = await load(path)

    assert await stored("user_id") == [('a\n"b"',), ('3"',)]
    (refused,) = summary.refused
    assert (refused.reason, [line for line, _ in refused.examples]) == ("INVALID_CSV", [2, 6])
