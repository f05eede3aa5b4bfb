"""Every value reaches the engine, and comes back, byte for byte."""

import math
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.sql.statement import Statement

# One engine serves all examples.
exact = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])

hostile = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=60),
    st.text(st.sampled_from("'\"`\\\0\n\r\t\b{}:;%$?~-/*#😀éN "), max_size=30),
    st.sampled_from(
        [
            "\\N",
            "NULL",
            "\\",
            "\\\\'",
            "'; DROP TABLE events; --",
            "{x:String}",
            "%(x)s %s %",
            "$x$ $$",
            "\ufeff\u2028\x85",
            "\\0\\x41\\u0041",
        ]
    ),
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
whole = st.integers(-(2**63), 2**63 - 1)


async def echo(engine: Pool, value: object, type_name: str) -> object:
    text = f"SELECT {{x:{type_name}}} AS y"
    ((answer,),) = (await engine.query(Statement(text=text, parameters={"x": value}), Limits())).columns
    return answer


def bits(number: float) -> bytes:
    return struct.pack("<d", number)


@exact
@given(text=hostile)
async def test_a_text(engine: Pool, text: str) -> None:
    assert await echo(engine, text, "String") == text


@exact
@given(text=hostile)
async def test_a_text_has_its_own_bytes_in_the_engine(engine: Pool, text: str) -> None:
    statement = Statement(text="SELECT hex({x:String})", parameters={"x": text})

    ((answer,),) = (await engine.query(statement, Limits())).columns

    assert bytes.fromhex(answer) == text.encode()


@exact
@given(texts=st.lists(hostile, max_size=5))
async def test_an_array_of_texts(engine: Pool, texts: list[str]) -> None:
    assert await echo(engine, texts, "Array(String)") == texts
    assert await echo(engine, tuple(texts), "Array(String)") == texts


@exact
@given(number=numbers)
async def test_a_number(engine: Pool, number: float) -> None:
    answer = await echo(engine, number, "Float64")

    assert isinstance(answer, float)
    assert bits(answer) == bits(number)


@exact
@given(several=st.lists(numbers, max_size=5))
async def test_an_array_of_numbers(engine: Pool, several: list[float]) -> None:
    answer = await echo(engine, several, "Array(Float64)")

    assert isinstance(answer, list)
    assert [bits(each) for each in answer] == [bits(each) for each in several]


@pytest.mark.parametrize(
    "number",
    [
        0.1,
        1e21,
        1e22,
        1e-7,
        5e-324,
        2.2250738585072014e-308,
        1.7976931348623157e308,
        -0.0,
        2.0**53 + 2,
        1 / 3,
    ],
)
async def test_a_number_at_an_edge(engine: Pool, number: float) -> None:
    for sign in (1, -1):
        answer = await echo(engine, sign * number, "Float64")
        assert isinstance(answer, float)
        assert bits(answer) == bits(sign * number)


async def test_numbers_that_are_not_finite(engine: Pool) -> None:
    assert await echo(engine, math.inf, "Float64") == math.inf
    answer = await echo(engine, math.nan, "Float64")
    assert isinstance(answer, float)
    assert math.isnan(answer)


@exact
@given(number=whole, several=st.lists(whole, max_size=5), flag=st.booleans())
async def test_whole_numbers_and_booleans(engine: Pool, number: int, several: list[int], flag: bool) -> None:
    assert await echo(engine, number, "Int64") == number
    assert await echo(engine, several, "Array(Int64)") == several
    assert await echo(engine, tuple(several), "Array(Int64)") == several
    assert await echo(engine, flag, "Bool") is flag


@pytest.mark.parametrize("text", ["\0'\\\"`\n\t😀é" * 50_000, "x" * 2**20], ids=["hostile", "plain"])
async def test_a_text_of_a_mebibyte(engine: Pool, text: str) -> None:
    assert await echo(engine, text, "String") == text
    assert await echo(engine, [text, ""], "Array(String)") == [text, ""]


@exact
@given(name=hostile.filter(bool))
async def test_what_looks_like_a_placeholder_in_a_value_is_no_placeholder(engine: Pool, name: str) -> None:
    statement = Statement(
        text="SELECT {a:String}, {b:String}", parameters={"a": "{b:String} " + name, "b": "{a:String}"}
    )

    columns = (await engine.query(statement, Limits())).columns

    assert [column[0] for column in columns] == ["{b:String} " + name, "{a:String}"]
