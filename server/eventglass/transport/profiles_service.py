"""profiles.v1: unwrap, store or look up, wrap."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from eventglass.catalog.project import Grant
from eventglass.errors import InvalidArgumentError, Violation
from eventglass.identity.told import Told, aliased, identified
from eventglass.ingest.times import milliseconds
from eventglass.spec.profiles import violations_of_alias, violations_of_identify
from eventglass.transport.call import AnyMethod, Call, Reply, method
from profiles.v1 import profiles_sdk_service_pb2
from profiles.v1.profiles_sdk_service_pb2 import (
    AliasRequest,
    AliasResponse,
    IdentifyRequest,
    IdentifyResponse,
)

_SDK = profiles_sdk_service_pb2.DESCRIPTOR.services_by_name["ProfilesSDKService"]


class Tells(Protocol):
    """Where what is said of persons goes."""

    async def tell(self, told: Told) -> str:
        """Store a call, and say what the person is called; raises EventglassError."""
        ...


def profiles_sdk_service(register: Tells) -> list[AnyMethod]:
    """Make the service's methods."""

    async def identify(request: IdentifyRequest, _call: Call, grant: Grant) -> Reply:
        _refuse(violations_of_identify(request))
        now_ms = milliseconds(datetime.now(UTC))
        profile_id = await register.tell(identified(request, grant.project.id, now_ms))
        return Reply(message=IdentifyResponse(profile_id=profile_id), rows=1)

    async def alias(request: AliasRequest, _call: Call, grant: Grant) -> Reply:
        _refuse(violations_of_alias(request))
        now_ms = milliseconds(datetime.now(UTC))
        profile_id = await register.tell(aliased(request, grant.project.id, now_ms))
        return Reply(message=AliasResponse(profile_id=profile_id), rows=1)

    named = _SDK.methods_by_name
    return [
        method(named["Identify"], IdentifyRequest, identify, rules=violations_of_identify),
        method(named["Alias"], AliasRequest, alias, rules=violations_of_alias),
    ]


def _refuse(violations: Sequence[Violation]) -> None:
    if violations:
        raise InvalidArgumentError.of(violations)
