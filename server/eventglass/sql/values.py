"""Reading values of events: a property by its stored type, a fact by its column (semantics 3.1 to 3.9, 6.4).

A property is stored under one JSON path; which variant of the path holds something tells its type
(engine/layout.py). So a text is one column, a number another, and a test reads only what it needs. Of
values that are apart (sql/apart.py) the same holds of their parts.
"""

from collections.abc import Callable

from eventglass.engine.layout import property_path
from eventglass.planning.numbers import NUMERIC_TEXT
from eventglass.planning.properties import EventProperty, Fact, Operand
from eventglass.sql.apart import apart
from eventglass.sql.fragment import Fragment, quoted, sql, value
from eventglass.sql.people import PERSON_ID

_FACT_TEXTS = {
    Fact.EVENT_NAME: sql("nullIf(event, '')"),
    Fact.PERSON_ID: sql("nullIf({id}, '')", id=PERSON_ID),
    Fact.SESSION_ID: sql("nullIf(session_id, '')"),
}


def text(operand: Operand) -> Fragment:
    """Read a text; NULL for any other value. Nullable(String)."""
    match operand:
        case Fact():
            return _FACT_TEXTS[operand]
        case EventProperty(promoted=False):
            return _variant(operand, "String")
        case _:
            of = apart(operand)
            return sql("if({kind} = 4, {text}, NULL)", kind=of.kind, text=of.text)


def number(operand: Operand) -> Fragment:
    """Read a number, not a numeric text; NULL for any other value. Nullable(Float64)."""
    match operand:
        case Fact():
            return sql("CAST(NULL AS Nullable(Float64))")
        case EventProperty(promoted=False):
            return _variant(operand, "Float64")
        case _:
            of = apart(operand)
            return sql("if({kind} = 3, {number}, NULL)", kind=of.kind, number=of.number)


def boolean(operand: Operand) -> Fragment:
    """Read a boolean; NULL for any other value. Nullable(Bool)."""
    match operand:
        case Fact():
            return sql("CAST(NULL AS Nullable(Bool))")
        case EventProperty(promoted=False):
            return _variant(operand, "Bool")
        case _:
            return sql(
                "CAST(if({kind} IN (1, 2), {kind} = 2, NULL) AS Nullable(Bool))", kind=apart(operand).kind
            )


def composite(operand: Operand) -> Fragment:
    """Read a list or object as compact JSON; "" for any other value. String."""
    match operand:
        case Fact():
            return sql("''")
        case EventProperty(promoted=False):
            return sql("ifNull({stored}[1], '')", stored=_variant(operand, "`Array(Nullable(String))`"))
        case _:
            of = apart(operand)
            return sql("if({kind} = 5, {text}, '')", kind=of.kind, text=of.text)


def numeric(operand: Operand) -> Fragment:
    """Read a number or a numeric text; NULL for any other value. Nullable(Float64)."""
    match operand:
        case Fact():
            return _spelled(text(operand))
        case EventProperty(promoted=False):
            return sql(
                "coalesce({number}, {spelled})", number=number(operand), spelled=_spelled(text(operand))
            )
        case _:
            # Neither a number's nor another value's text spells a number: it is "", or JSON.
            of = apart(operand)
            return sql(
                "if({kind} = 3, {number}, {spelled})",
                kind=of.kind,
                number=of.number,
                spelled=_spelled(of.text),
            )


def _spelled(text: Fragment) -> Fragment:
    """Read the finite number that a text spells; NULL where it spells none. Nullable(Float64)."""
    spelled = sql(
        "if(match({text}, {form}), toFloat64OrNull({text}), NULL)",
        text=text,
        form=value("String", NUMERIC_TEXT),
    )
    return sql("if(isFinite({spelled}), {spelled}, NULL)", spelled=spelled)


def of_text(operand: Operand, test: Callable[[Fragment], Fragment]) -> Fragment:
    """Ask something of a text; 0 for any other value. UInt8."""
    match operand:
        case Fact() | EventProperty(promoted=False):
            return sql("ifNull({asked}, 0)", asked=test(text(operand)))
        case _:
            # A promoted text is asked in its dictionary, once for many events, if it is asked alone.
            of = apart(operand)
            return sql("({kind} = 4 AND {asked})", kind=of.kind, asked=test(of.text))


def of_printed(operand: Operand, test: Callable[[Fragment], Fragment]) -> Fragment:
    """Ask something of how a text, number or boolean prints; 0 for any other value. UInt8."""
    match operand:
        case Fact() | EventProperty(promoted=False):
            return sql("ifNull({asked}, 0)", asked=test(printed(operand)))
        case _:
            of = apart(operand)
            return sql(
                "({of_text} OR ({kind} IN (1, 2, 3) AND {asked}))",
                of_text=of_text(operand, test),
                kind=of.kind,
                asked=test(
                    sql(
                        "if({kind} = 3, toString({number}), if({kind} = 2, 'true', 'false'))",
                        kind=of.kind,
                        number=of.number,
                    )
                ),
            )


def printed(operand: Operand) -> Fragment:
    """Read how a text, number or boolean prints; NULL for any other value. Nullable(String)."""
    if isinstance(operand, Fact):
        return text(operand)
    return sql(
        "coalesce({text}, toString({number}), toString({boolean}))",
        text=text(operand),
        number=number(operand),
        boolean=boolean(operand),
    )


def shown(operand: Operand) -> Fragment:
    """Read how any value prints, a list's or object's as compact JSON; "" where it is missing. String."""
    if isinstance(operand, Fact):
        return sql("ifNull({text}, '')", text=text(operand))
    return sql("ifNull({printed}, {composite})", printed=printed(operand), composite=composite(operand))


def is_present(operand: Operand) -> Fragment:
    """Tell whether there is a value. UInt8."""
    if isinstance(operand, Fact):
        return sql("isNotNull({text})", text=text(operand))
    if isinstance(operand, EventProperty) and not operand.promoted:
        return sql("isNotNull({whole})", whole=whole(operand))
    return sql("{kind} != 0", kind=apart(operand).kind)


def typed(operand: Operand) -> Fragment:
    """Read a value so that equal ones are equal and all sort in the order of semantics 6.4.

    Returns:
        Tuple(kind UInt8, number Float64, text String), kind 0 missing, 1 false, 2 true, 3 number,
        4 text (or a list's or object's compact JSON).
    """
    match operand:
        case Fact():
            return sql(
                "if(isNull({text}), {missing}, {of_text})",
                text=text(operand),
                missing=MISSING,
                of_text=_key(4, text=sql("ifNull({text}, '')", text=text(operand))),
            )
        case EventProperty(promoted=False):
            return _typed_property(operand)
        case _:
            # A list or object is told apart by its kind, but sorts as a text.
            of = apart(operand)
            return sql(
                "CAST((least({kind}, 4), {number}, {text}) AS Tuple(UInt8, Float64, String))",
                kind=of.kind,
                number=of.number,
                text=of.text,
            )


def _typed_property(operand: EventProperty) -> Fragment:
    """See `typed`. At most one of the variants is there, so that each part can be read by itself."""
    return sql(
        """\
tuple(
    toUInt8(multiIf(
        isNotNull({text}) OR {composite} != '', 4,
        isNotNull({number}), 3,
        isNotNull({boolean}), 1 + ifNull({boolean}, false),
        0)),
    ifNull({number}, 0.),
    ifNull({text}, {composite}))""",
        text=element(operand, "String"),
        number=element(operand, "Float64"),
        boolean=element(operand, "Bool"),
        composite=composite_element(operand),
    )


def whole(operand: EventProperty) -> Fragment:
    """Read a property of any type; NULL where it is missing. Dynamic."""
    return sql("properties.{path}", path=quoted(property_path(operand.name)))


def element(operand: EventProperty, type_: str) -> Fragment:
    """Read a value of one type. Where all are asked for, the path is read whole, once, not type by type."""
    return sql(f"dynamicElement({{whole}}, '{type_}')", whole=whole(operand))


def composite_element(operand: EventProperty) -> Fragment:
    """Read what `composite` does, as `element` does."""
    return sql("ifNull({stored}[1], '')", stored=element(operand, "Array(Nullable(String))"))


def numbered(operand: Operand, edges: tuple[float, ...]) -> Fragment:
    """Read which bucket of `edges` a numeric value falls in, as `typed` does: its position, from 0."""
    # To compare each number with each edge would take a thousand times its memory.
    return sql(
        """\
if(isNull({numeric}), {missing}, {of_bucket})""",
        numeric=numeric(operand),
        missing=MISSING,
        of_bucket=_key(
            3,
            number=sql(
                """\
if({number} < {first}, 0, transform(roundDown({number}, {edges}), {edges}, {positions}, 0.))""",
                number=sql("ifNull({numeric}, 0)", numeric=numeric(operand)),
                first=value("Float64", edges[0]),
                edges=value("Array(Float64)", edges),
                positions=value("Array(Float64)", tuple(float(at + 1) for at, _ in enumerate(edges))),
            ),
        ),
    )


_ZERO, _EMPTY = sql("0"), sql("''")


def constant(kind: int, number: float, text: str) -> Fragment:
    """Write a value as `typed` reads it."""
    return _key(kind, number=value("Float64", number), text=value("String", text))


def _key(kind: int, *, number: Fragment = _ZERO, text: Fragment = _EMPTY) -> Fragment:
    return sql(
        "CAST(({kind}, {number}, {text}) AS Tuple(UInt8, Float64, String))",
        kind=sql(str(kind)),
        number=number,
        text=text,
    )


MISSING = _key(0)


def _variant(operand: EventProperty, type_: str) -> Fragment:
    return sql(f"{{whole}}.:{type_}", whole=whole(operand))
