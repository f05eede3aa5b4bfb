"""What callers say of persons, read from valid requests."""

from collections.abc import Mapping
from dataclasses import dataclass

from eventglass.ingest.compact import Json
from eventglass.ingest.structs import read_struct
from eventglass.ingest.times import milliseconds
from eventglass.planning.scope import Scope
from profiles.v1.profiles_sdk_service_pb2 import AliasRequest, IdentifyRequest
from profiles.v1.profiles_service_pb2 import DeleteRequest, DeleteUserRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """A user is known, by an anonymous id too (or ""), and with traits.

    Args:
        now_ms: when the call came, in milliseconds since 1970.
        since_ms: since when the traits are so; not later than that.
    """

    project_id: str
    now_ms: int
    user_id: str
    anonymous_id: str
    traits: Mapping[str, Json]
    since_ms: int

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that it names."""
        return tuple(filter(None, (self.user_id, self.anonymous_id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Aliased:
    """Two ids are one user's, called as `user_id`."""

    project_id: str
    now_ms: int
    previous_id: str
    user_id: str

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that it names."""
        return (self.previous_id, self.user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """A person, by any of their ids, is to be forgotten.

    Args:
        with_events: events and ids, too; else only traits.
        until_ms: events that happened or arrived until then are gone.
    """

    project_id: str
    now_ms: int
    user_id: str
    with_events: bool
    until_ms: int

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that it names."""
        return (self.user_id,)


Told = Identified | Aliased | Erased


def identified(request: IdentifyRequest, project_id: str, now_ms: int) -> Identified:
    """Read what a valid request says."""
    since_ms = request.timestamp.ToMilliseconds() if request.HasField("timestamp") else now_ms
    return Identified(
        project_id=project_id,
        now_ms=now_ms,
        user_id=request.external_id,
        anonymous_id=request.anonymous_id,
        traits=read_struct(request.traits),
        since_ms=min(since_ms, now_ms),
    )


def erased(request: DeleteRequest | DeleteUserRequest, scope: Scope) -> Erased:
    """Read what a valid request says; `scope` says what is there to be erased."""
    return Erased(
        project_id=scope.project.id,
        now_ms=milliseconds(scope.now),
        user_id=request.id,
        with_events=isinstance(request, DeleteUserRequest),
        until_ms=milliseconds(max(scope.now, scope.watermark or scope.now)),
    )


def aliased(request: AliasRequest, project_id: str, now_ms: int) -> Aliased:
    """Read what a valid request says."""
    return Aliased(
        project_id=project_id, now_ms=now_ms, previous_id=request.previous_id, user_id=request.external_id
    )
