"""Rules of behaviours, wherever in a message they are (semantics 7.7 to 7.12)."""

from collections.abc import Iterator

from google.protobuf.message import Message

from eventglass.errors import Violation
from eventglass.spec import durations
from eventglass.spec.contents import contents
from insights.v1.filter_pb2 import Behavior

MOST_BEHAVIORS = 16
MOST_TIMES = 10_000
LONGEST_PAST_DAYS = 3_660


def violations(path: str, message: Message) -> Iterator[Violation]:
    """Check every behaviour in a spec or an audience, and that there are not too many different ones.

    Args:
        path: of the message.
        message: it.
    """
    first_places: dict[bytes, str] = {}
    for place, behavior in _found(path, message):
        yield from _of_behavior(place, behavior)
        first_places.setdefault(behavior.SerializeToString(deterministic=True), place)
    if len(first_places) > MOST_BEHAVIORS:
        yield Violation(
            field=list(first_places.values())[MOST_BEHAVIORS],
            code="TOO_MANY",
            description=f"is one of {len(first_places)} different behaviours; at most {MOST_BEHAVIORS} are "
            "possible, as each reads the history once",
        )


def unused(path: str, message: Message) -> Iterator[Violation]:
    """Refuse every behaviour, where only what an event itself says is asked.

    Args:
        path: of the message; "" for the request itself.
        message: it.
    """
    for place, _ in _found(path, message):
        yield Violation(
            field=place,
            code="UNUSED_FIELD",
            description="asks what people did before; only what an event says is asked here, use filters",
        )


def _found(path: str, message: Message) -> Iterator[tuple[str, Behavior]]:
    for place, _, content in contents(path, message):
        if isinstance(content, Behavior):
            yield place, content


def _of_behavior(path: str, behavior: Behavior) -> Iterator[Violation]:
    for nested, _ in _found(f"{path}.where", behavior.where):
        yield Violation(
            field=nested,
            code="TOO_DEEP",
            description="stands inside another did; put the two beside each other in all_of, or ask a funnel",
        )
    if not 0 <= behavior.at_least <= MOST_TIMES:
        yield Violation(
            field=f"{path}.at_least",
            code="OUT_OF_RANGE",
            description=f"must be 1 to {MOST_TIMES:,}, or 0 for 1; what was not done is `not` around did",
        )
    elif behavior.first_time and behavior.at_least > 1:
        yield Violation(
            field=f"{path}.at_least",
            code="OUT_OF_RANGE",
            description="must be 1 with first_time: nobody does something for the first time twice",
        )
    if behavior.HasField("within"):
        yield from durations.violations(f"{path}.within", behavior.within, longest_days=LONGEST_PAST_DAYS)
