"""Reading values of events: a property by its stored type, a fact by its column (semantics 3.1 to 3.9, 6.4).

A property is stored under one JSON path; which variant of the path holds something tells its type
(engine/layout.py). So a text is one column, a number another, and a test reads only what it needs.
"""

from eventglass.engine.layout import property_path
from eventglass.planning.numbers import NUMERIC_TEXT
from eventglass.planning.properties import EventProperty, Fact, Operand, SessionValue, Trait
from eventglass.sql.fragment import Fragment, name, quoted, sql, value
from eventglass.sql.people import PERSON_ID
from eventglass.sql.traits import trait

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
        case Trait() | SessionValue():
            return sql("if({beside}.1 = 4, {beside}.3, NULL)", beside=_beside(operand))
        case EventProperty():
            return _variant(operand, "String")


def number(operand: Operand) -> Fragment:
    """Read a number, not a numeric text; NULL for any other value. Nullable(Float64)."""
    match operand:
        case Fact():
            return sql("CAST(NULL AS Nullable(Float64))")
        case Trait() | SessionValue():
            return sql("if({beside}.1 = 3, {beside}.2, NULL)", beside=_beside(operand))
        case EventProperty():
            return _variant(operand, "Float64")


def boolean(operand: Operand) -> Fragment:
    """Read a boolean; NULL for any other value. Nullable(Bool)."""
    match operand:
        case Fact():
            return sql("CAST(NULL AS Nullable(Bool))")
        case Trait() | SessionValue():
            return sql(
                "CAST(if({beside}.1 IN (1, 2), {beside}.1 = 2, NULL) AS Nullable(Bool))",
                beside=_beside(operand),
            )
        case EventProperty():
            return _variant(operand, "Bool")


def composite(operand: Operand) -> Fragment:
    """Read a list or object as compact JSON; "" for any other value. String."""
    match operand:
        case Fact():
            return sql("''")
        case Trait() | SessionValue():
            return sql("if({beside}.1 = 5, {beside}.3, '')", beside=_beside(operand))
        case EventProperty():
            return sql("ifNull({stored}[1], '')", stored=_variant(operand, "`Array(Nullable(String))`"))


def numeric(operand: Operand) -> Fragment:
    """Read a number or a numeric text; NULL for any other value. Nullable(Float64)."""
    spelled = sql(
        "if(match({text}, {form}), toFloat64OrNull({text}), NULL)",
        text=text(operand),
        form=value("String", NUMERIC_TEXT),
    )
    finite = sql("if(isFinite({spelled}), {spelled}, NULL)", spelled=spelled)
    if isinstance(operand, Fact):
        return finite
    return sql("coalesce({number}, {finite})", number=number(operand), finite=finite)


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
    if isinstance(operand, Trait | SessionValue):
        return sql("{beside}.1 != 0", beside=_beside(operand))
    return sql("isNotNull({whole})", whole=whole(operand))


def typed(operand: Operand) -> Fragment:
    """Read a value so that equal ones are equal and all sort in the order of semantics 6.4.

    Returns:
        Tuple(kind UInt8, number Float64, text String), kind 0 missing, 1 false, 2 true, 3 number,
        4 text (or a list's or object's compact JSON).
    """
    if isinstance(operand, Trait | SessionValue):
        # A list or object is told apart by its kind, but sorts as a text.
        return sql(
            "CAST((least({beside}.1, 4), {beside}.2, {beside}.3) AS Tuple(UInt8, Float64, String))",
            beside=_beside(operand),
        )
    if isinstance(operand, Fact):
        return sql(
            "if(isNull({text}), {missing}, {of_text})",
            text=text(operand),
            missing=MISSING,
            of_text=_key(4, text=sql("ifNull({text}, '')", text=text(operand))),
        )
    return _typed_property(operand)


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
    return sql(
        """\
if(isNull({numeric}), {missing}, {of_bucket})""",
        numeric=numeric(operand),
        missing=MISSING,
        of_bucket=_key(
            3,
            number=sql(
                "toFloat64(arrayCount(edge -> edge <= ifNull({numeric}, 0), {edges}))",
                numeric=numeric(operand),
                edges=value("Array(Float64)", edges),
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


# What the values of sessions are called that stand beside events (session_values.py).
SESSION_VALUE = "session_value"


def _beside(operand: Trait | SessionValue) -> Fragment:
    """Read what is joined to the event, as `typed` does, but with kind 5 for lists and objects."""
    return trait(operand) if isinstance(operand, Trait) else name(SESSION_VALUE, operand)


def _variant(operand: EventProperty, type_: str) -> Fragment:
    return sql(f"{{whole}}.:{type_}", whole=whole(operand))
