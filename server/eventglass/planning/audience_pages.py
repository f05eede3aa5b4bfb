"""Pages of audiences: each begins after the name that the one before ended with."""

from audiences.v1.audiences_service_pb2 import ListRequest
from eventglass.planning.page_tokens import Pin, broken_token, pack, text, unpack

# Audiences are listed as they are, and not as of the first page.
_NO_PIN = Pin(now=0, watermark=None, people=0)


def encode(request: ListRequest, project_id: str, last: str) -> str:
    """Make the token that leads on from a name."""
    return pack(request, project_id, _NO_PIN, [last])


def decode(request: ListRequest, project_id: str) -> str:
    """Read the name that the request's token leads on from.

    Raises:
        PageTokenError: it is no token of this request to this project.
    """
    _, content = unpack(request, project_id, request.page_token)
    try:
        (last,) = content
        return text(last)
    except (ValueError, TypeError) as error:
        raise broken_token() from error
