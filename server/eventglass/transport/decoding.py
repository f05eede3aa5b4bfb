"""Read a request of either encoding, or raise everything that is wrong with it at once."""

import enum
from collections.abc import Callable, Sequence

from eventglass.errors import InvalidArgumentError, Violation
from eventglass.transport.binary_decoder import read_binary
from eventglass.transport.findings import Request
from eventglass.transport.json_decoder import read_json

# What the rules of a service say about a request.
Rules = Callable[[Request], Sequence[Violation]]


class Encoding(enum.Enum):
    """How a message is written, by the name that Connect gives it."""

    PROTO = "proto"
    JSON = "json"


def decode(data: bytes, encoding: Encoding, message_class: type[Request], rules: Rules[Request]) -> Request:
    """Read a request.

    Args:
        data: the request as it came, uncompressed.
        encoding: how it is written.
        message_class: what it is.
        rules: asked only about a request that could not be read whole, to report what they find, too.
            What means nothing because of what could not be read is left out.

    Raises:
        InvalidArgumentError: with every violation.
    """
    read = read_json if encoding is Encoding.JSON else read_binary
    reading = read(data, message_class)
    if not reading.findings.violations:
        return reading.message
    beyond = [found for found in rules(reading.message) if not reading.findings.hide(found)]
    raise InvalidArgumentError.of([*reading.findings.violations, *beyond])
