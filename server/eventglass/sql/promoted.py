"""Columns of properties that are asked for often: a property's values, apart from all other properties.

A property is stored in a JSON column, as whatever type each value has, and reading one of its types takes
some 30 ns an event; from a column of its own, whose texts are numbers of a dictionary, it takes a tenth of
that. The engine fills the column from the JSON when an event is stored. Of parts that do not have it yet it
makes it up while reading: so an answer is right from the moment at which the column is there.
"""

from eventglass.engine.layout import EVENTS, property_name, property_path
from eventglass.planning.properties import EventProperty
from eventglass.sql.fragment import Fragment, quoted, sql, statement
from eventglass.sql.statement import Statement

PREFIX = "promoted_"


def column_name(name: str) -> str:
    """Name a property's column; its path must spell its name (engine/layout.py)."""
    return f"{PREFIX}{property_path(name)}"


def name_of(column: str) -> str:
    """Read a property's name back from its column's."""
    return property_name(column.removeprefix(PREFIX))


def read(operand: EventProperty) -> Fragment:
    """Name a promoted property's column.

    Returns:
        Tuple(kind UInt8, number Float64, text LowCardinality(String)): kind 0 missing, 1 false, 2 true,
        3 a number, 4 a text, 5 a list or object, whose compact JSON is the text.
    """
    return quoted(column_name(operand.name))


def added(name: str) -> Statement:
    """Add a property's column, if it is not there."""
    add = sql(
        f"""\
ALTER TABLE {EVENTS} ADD COLUMN IF NOT EXISTS {{column}}
    Tuple(kind UInt8, number Float64, text LowCardinality(String))
    MATERIALIZED tuple(
        toUInt8(multiIf(
            isNotNull({{stored}}.:String), 4,
            isNotNull({{stored}}.:Float64), 3,
            isNotNull({{stored}}.:Bool), 1 + ifNull({{stored}}.:Bool, false),
            notEmpty({{stored}}.:`Array(Nullable(String))`), 5,
            0)),
        ifNull({{stored}}.:Float64, 0.),
        ifNull({{stored}}.:String, ifNull({{stored}}.:`Array(Nullable(String))`[1], '')))
    CODEC(ZSTD(1))""",
        column=quoted(column_name(name)),
        stored=sql("properties.{path}", path=quoted(property_path(name))),
    )
    return statement(add, columns=0)


def filled(column: str) -> Statement:
    """Have a column written into the parts that lack it, behind everything else that the engine does."""
    return _changed("MATERIALIZE COLUMN {column} SETTINGS mutations_sync = 0", column)


def dropped(column: str) -> Statement:
    """Drop a column; it leaves the files behind everything else that the engine does."""
    return _changed("DROP COLUMN IF EXISTS {column} SETTINGS alter_sync = 0", column)


def _changed(how: str, column: str) -> Statement:
    return statement(sql(f"ALTER TABLE {EVENTS} {how}", column=quoted(column)), columns=0)
