"""Print lists and objects as answers show them."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from eventglass.planning.numbers import printed

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


def compact_json(value: Json) -> str:
    """Print a value without spaces, keys in code point order, texts unescaped where JSON allows.

    Raises:
        ValueError: a number in it is not finite.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case int() | float():
            number = float(value)
            if not math.isfinite(number):
                raise ValueError("not a finite number")
            return printed(number)
        case Mapping():
            members = (f"{compact_json(key)}:{compact_json(value[key])}" for key in sorted(value))
            return f"{{{','.join(members)}}}"
        case _:
            return f"[{','.join(map(compact_json, value))}]"
