"""Names the values of sessions that a spec asks for."""

from google.protobuf.message import Message

EVERY_END = frozenset({"$session.entry", "$session.exit"})


def ends_of_sessions(message: Message) -> set[str]:
    """Which ends of sessions are named anywhere in a message."""
    # Names stand in texts only, and no other text of a random spec looks so.
    return {end for end in EVERY_END if f'"{end}.' in str(message)}
