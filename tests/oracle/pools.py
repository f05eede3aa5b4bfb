"""What random worlds and specs are drawn from: few names and values, so that they often meet."""

from datetime import UTC, datetime

from tests.oracle.history import Json

# A name for each kind of trouble. "$geo" and "a.b" hold objects when the ones below are nested.
PLAN = "plan"
AMOUNT = "amount"
PRICE = "price"
COUNTRY = "$geo.country"
DEEP = "a.b.c"
WHEN = "at"
FLAG = "flag"
TAGS = "tags"
UNICODE = "größe 🙂"
HOSTILE = "q\"u'o\\t`e{0:String}%s\0;--"
PROPERTIES = (PLAN, AMOUNT, PRICE, COUNTRY, DEEP, WHEN, FLAG, TAGS, UNICODE, HOSTILE)
NESTED_OBJECTS = ("$geo", "a.b", "a")
TRAITS = tuple(f"{prefix}{name}" for prefix in ("$user.", "$user_at_event.") for name in (PLAN, AMOUNT, DEEP))
FACTS = ("$event_name", "$person_id", "$session_id")
READABLE = (*PROPERTIES, *NESTED_OBJECTS, *FACTS, "nowhere")
OF_SESSIONS = tuple(
    f"$session.{end}.{name}"
    for end in ("entry", "exit")
    for name in (PLAN, AMOUNT, TAGS, "$geo", "$event_name")
)
NAMEABLE = (*READABLE, *TRAITS, *OF_SESSIONS)

EVENT_NAMES = ("buy", "view", "Buy", "purchase\\'\"`\0\n{e:String}", "покупка 🙂")
USER_IDS = ("", "u1", "u2", "u3", "x")
ANONYMOUS_IDS = ("", "d1", "d2", "x")
SESSION_IDS = ("", "s1", "s2", "s'3\\", "00000000-0000-0000-ffff-000000000001")
# Ids that are stored as numbers, in another order than that of their texts, and beside those of other ids.
UUIDS = (
    "00000000-0000-0000-ffff-000000000001",
    "ffffffff-0000-0000-0000-000000000000",
    "0fffffff-0000-0000-8000-000000000000",
    "e0000000-0000-4000-8000-000000000001",
    "E0000000-0000-4000-8000-000000000000",
)

# Numbers to sum, average, divide and rank by. They are multiples of 1/128, so that their sums are
# exact in whatever order they are added, and so uneven that no percentile interpolated between two
# of them equals another one or that of another pair: a rank never hangs on a rounding error.
AMOUNTS = (-12.34375, 0.0, 3.0234375, 20.5, 239.3046875, 1000.0078125)
AMOUNT_TEXTS = ("-12.34375", "3.0234375", "+20.5", "2050e-2", "1000.0078125", "0", "-0.0")

# Decimals that no double is, so that sums differ by their last digits in every order, and are often equal.
PRICES = (0.1, 0.2, 0.3, 0.7, 5.01, 19.99, 25.0, "0.1", "0.30")

# Numbers that are hard to print, read or compare. None is large and negative, so that sums keep
# their small parts or are so large that they do not matter.
NUMBERS = (
    *(0.0, -0.0, 1.0, 5.0, 5.5, 10.0, 100.0, 1000.0, 239.3, -1.0, -7.25, 0.1, 0.2, 0.1 + 0.2, 1 / 3),
    *(1e21, 1e-7, 0.000001, 1e20, 123456789012345680000.0, 2.0**53),
)
NUMERIC_TEXTS = (
    "5",
    "05",
    "5.0",
    "1e3",
    "1E+3",
    ".5",
    "5.",
    "1",
    "-0",
    "+7",
    "1000",
    "239.3",
    "0.1",
    "1e21",
    "+.5",
    "5.e0",
    "1e-400",
    "00",
)
TEXTS = (
    *("abc", "Abc", "ABC", "ab", "b", "true", "null", "NaN", "Infinity", "1e999", "0x10", "1_000", "٣"),
    *("5 ", " ", "a\nb", "a.b", "%_", "it's", 'say "hi"', "back\\slash", "\\n", "`tick`", "nul\0end"),
    *("ß", "ẞ", "Straße", "STRASSE", "k", "\u212a", "ſ", "s", "İ", "i", "ı", "Σ", "ς", "σ", "é"),
    *("5\n", "5e", "+", ".", "５", "Infinity", "TRUE", "[]", "~41", "\\Q", "\u2028", "\U0010ffff"),
    *("e\u0301", "🙂", "\uffff", "{p:String}", "[1]", '{"a":1}', "free", "pro"),
)
BOOLEANS = (True, False)
LISTS: tuple[Json, ...] = (
    [],
    [1.0],
    [1.0, "a", None, True],
    ["b", {"z": 1.0, "a": [0.1, -0.0]}],
    ['é"\\\1\n', ""],
)
OBJECTS: tuple[Json, ...] = (
    {},
    {"a": 1.0},
    {"country": "DE"},
    {"b": {"c": 5.0, "": ""}, "A": None},
    {"é": 1e21, "z": [{}]},
)

MOMENTS = (
    *("2024-03-31", "2024-10-27", "2024-02-29", "2024-09-08", "1997-10-26", "2011-12-30", "1900-01-01"),
    *("2024-03-31T02:30", "2024-10-27 02:30:00", "2024-10-27T02:30:00.5", "2024-09-08T00:30"),
    *("2011-12-30 10:00", "2024-03-31T01:00:00Z", "2024-03-31 03:00:00.123456789+02:00"),
    *("2024-10-27T00:30:00.123Z", "2024-10-06T02:15:00.0004", "2024-04-07T01:45"),
    *("2024-02-28T23:59:59.999-05:30", "2299-12-31"),
)
NO_MOMENTS = (
    *("2024-02-30", "2024-3-1", "2024-03-31T24:00", "2024-03-31T02:30Z", "2024-03-31t02:30:00"),
    *("20240331", "2024-03-31T02:30:60", "2024-03-31T02:30:00+24:00", "1899-12-31", "2024-03-31 "),
    *("2024-03-31T02:30:00z", "2024-03-31T02:30:00.1234567890"),
)

PATTERNS = (
    *("", "^$", ".*", "a.b", "(?s)a.b", "^a", "b$", "^b", "(?m)^b", "(?i)ABC", "^abc$", "[0-9]+"),
    *(r"^\d+\.\d$", r"\bslash\b", r"^.{3}$", "a|5", "[^a-z]", r"\x00", r"\\", "ß", "ſ", r"\pL", "é"),
    *(
        "🙂",
        r"\.",
        "^(true|DE)$",
        "'",
        r"\Qa.b\E",
        "(?U)a+b",
        "a{0}b",
        "(ab)?c",
        r"\x61b",
        r"\141",
        "(|a)b",
        r"\z",
    ),
)

# Where clocks and calendars do something: (zone, an instant close by).
SCENES: tuple[tuple[str, datetime], ...] = tuple(
    (zone, datetime.fromisoformat(instant).replace(tzinfo=UTC))
    for zone, instant in (
        ("UTC", "2024-03-01T00:00:00"),
        ("UTC", "2026-01-01T00:00:00"),
        ("UTC", "1997-01-01T00:00:00"),
        ("Europe/Berlin", "2024-03-31T01:00:00"),
        ("Europe/Berlin", "2024-10-27T01:00:00"),
        ("Europe/Berlin", "2024-12-31T23:00:00"),
        ("America/New_York", "2025-03-09T07:00:00"),
        ("America/New_York", "2024-11-03T06:00:00"),
        ("America/New_York", "1997-04-06T07:00:00"),
        ("Asia/Kolkata", "2024-02-28T18:30:00"),
        ("Australia/Lord_Howe", "2024-04-06T15:00:00"),
        ("Australia/Lord_Howe", "2024-10-05T15:30:00"),
        ("America/Santiago", "2024-09-08T04:00:00"),
        ("America/Santiago", "2025-04-06T03:00:00"),
        ("Asia/Kathmandu", "2025-12-31T18:15:00"),
        ("Pacific/Apia", "2011-12-30T10:00:00"),
        ("Pacific/Apia", "2025-02-28T11:00:00"),
        ("Africa/Casablanca", "2024-03-10T02:00:00"),
        ("Africa/Casablanca", "2025-04-06T02:00:00"),
        ("America/St_Johns", "1997-10-26T02:31:00"),
        ("America/St_Johns", "2026-03-08T05:30:00"),
        # Midnights that are skipped and shown twice, dates that are skipped and that last for 47 hours.
        ("America/Sao_Paulo", "2018-11-04T03:00:00"),
        ("America/Sao_Paulo", "2018-02-18T02:00:00"),
        ("Pacific/Kwajalein", "1993-08-21T12:00:00"),
        ("Pacific/Kwajalein", "1969-09-30T13:00:00"),
        # Local minutes that begin at the half of others.
        ("Africa/Monrovia", "1971-12-31T23:44:30"),
        ("Africa/Monrovia", "1972-01-07T00:44:30"),
        # Two hours at once, and a winter that is the exception.
        ("Antarctica/Troll", "2025-03-30T01:00:00"),
        ("Europe/Dublin", "1971-10-31T02:00:00"),
        # Weeks that begin where midnight is skipped or shown twice: on a Monday, on a Sunday.
        ("Asia/Tehran", "2021-03-21T20:30:00"),
        ("Asia/Tehran", "2020-09-20T19:30:00"),
        ("America/Havana", "2024-03-10T05:00:00"),
        ("America/Havana", "2024-11-03T05:00:00"),
        # The first year that there is; an event of the last would have to arrive in it.
        ("UTC", "1900-01-01T00:00:00"),
        ("Asia/Kolkata", "1900-01-02T00:00:00"),
        ("America/St_Johns", "1900-12-31T00:00:00"),
    )
)
ZONES = tuple(sorted({zone for zone, _ in SCENES}))


def kind_of(name: str) -> str:
    """Say what a name is one of: traits and values of sessions by their prefix, others by themselves."""
    prefixes = ("$user_at_event.", "$user.", "$session.entry.", "$session.exit.")
    return next((f"{prefix}…" for prefix in prefixes if name.startswith(prefix)), name or "event names")
