"""Who may call what: credentials from headers, and the access that every method asks for."""

from collections.abc import Mapping
from typing import Protocol

from eventglass.catalog.project import Access, Grant
from eventglass.errors import InvalidArgumentError, PermissionDeniedError, UnauthenticatedError, Violation

# One of these is needed. A method that is not listed cannot be served; a test compares this with the
# proto files.
ACCESS: Mapping[str, frozenset[Access]] = {
    "/insights.v1.InsightsService/Query": frozenset({Access.READ}),
    "/events.v1.EventsService/BatchCreate": frozenset({Access.WRITE}),
    "/events.v1.EventsService/List": frozenset({Access.READ}),
    "/events.v1.EventsService/Snapshot": frozenset({Access.READ}),
    "/events.v1.EventsService/Stream": frozenset({Access.READ, Access.STREAM}),
    "/audiences.v1.AudiencesService/Create": frozenset({Access.MANAGE}),
    "/audiences.v1.AudiencesService/Get": frozenset({Access.READ, Access.MANAGE}),
    "/audiences.v1.AudiencesService/List": frozenset({Access.READ, Access.MANAGE}),
    "/audiences.v1.AudiencesService/Update": frozenset({Access.MANAGE}),
    "/audiences.v1.AudiencesService/Delete": frozenset({Access.MANAGE}),
    "/audiences.v1.AudiencesService/EstimateSize": frozenset({Access.READ}),
    "/profiles.v1.ProfilesSDKService/Identify": frozenset({Access.WRITE}),
    "/profiles.v1.ProfilesSDKService/Alias": frozenset({Access.WRITE}),
    "/profiles.v1.ProfilesService/Get": frozenset({Access.READ}),
    "/profiles.v1.ProfilesService/List": frozenset({Access.READ}),
    "/profiles.v1.ProfilesService/Delete": frozenset({Access.ERASE}),
    "/profiles.v1.ProfilesService/DeleteUser": frozenset({Access.ERASE}),
}

_SCHEME = "bearer"

# Where the key and the project are, by protocol: of browsers, which send no headers of ours.
_IN_HEADERS = ("the header `Authorization: Bearer <key>`", "x-project-id")
_ELSEWHERE: Mapping[str, tuple[str, str]] = {
    "beacon": ("the project's key as `key` in the body", "project"),
    "event-source": ("the project's key as the parameter `key`", "project"),
}

# What stands for headers there: which, and what comes before it in them.
AS_HEADERS: Mapping[str, tuple[str, str]] = {
    "key": ("authorization", "Bearer "),
    "project": ("x-project-id", ""),
}


class Grants(Protocol):
    """Where credentials are known."""

    def kept(self, secret: str, project_id: str) -> Grant | None:
        """Give what `grant` would, where that is at hand; None: look it up. Does not block."""
        ...

    def grant(self, secret: str, project_id: str) -> Grant:
        """Look a credential up; may block.

        Raises:
            UnauthenticatedError: there is no such credential.
            PermissionDeniedError: it is not for this project.
        """
        ...


def credential(headers: Mapping[str, str], protocol: str = "") -> tuple[str, str]:
    """Return the secret and the project's id that a call came with.

    Args:
        headers: those that came, and those that were made of what stood elsewhere.
        protocol: the call's; tells where else that is.

    Raises:
        UnauthenticatedError: there is no secret.
        InvalidArgumentError: no project is named.
    """
    key_place, project_place = _ELSEWHERE.get(protocol, _IN_HEADERS)
    scheme, _, secret = headers.get("authorization", "").partition(" ")
    if scheme.lower() != _SCHEME or not secret.strip():
        raise UnauthenticatedError(f"send {key_place}", reason="CREDENTIAL_MISSING")
    project_id = headers.get("x-project-id", "")
    if not project_id:
        description = "send the id of the project here"
        violation = Violation(field=project_place, code="PROJECT_MISSING", description=description)
        raise InvalidArgumentError.of([violation])
    return secret.strip(), project_id


def check(grant: Grant, access: frozenset[Access]) -> None:
    """Raise PermissionDeniedError unless a grant includes one of some accesses."""
    if not grant.allows_one_of(access):
        wanted = " or ".join(sorted(each.value for each in access))
        message = f"this key has no {wanted} access to project {grant.project.id}; use one that has"
        raise PermissionDeniedError(message, reason="ACCESS_MISSING")
