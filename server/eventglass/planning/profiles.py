"""Pages of persons: where one ends, and what all of them look at."""

from eventglass.planning.page_tokens import INSTANTS, KEYS, Pin, broken_token, pack, unpack, whole
from profiles.v1.profiles_service_pb2 import ListRequest

# The time of a person's last event, in milliseconds, and their key.
Position = tuple[int, int]


def encode(request: ListRequest, project_id: str, pin: Pin, last: Position) -> str:
    """Make the token that leads on from a person."""
    return pack(request, project_id, pin, list(last))


def decode(request: ListRequest, project_id: str) -> tuple[Pin, Position]:
    """Read the request's token.

    Raises:
        PageTokenError: it is no token, or not one of this request to this project.
    """
    pin, content = unpack(request, project_id, request.page_token)
    try:
        last, somebody = content
        return pin, (whole(last, INSTANTS), whole(somebody, KEYS))
    except (ValueError, TypeError) as error:
        raise broken_token() from error
