"""profiles.v1: unwrap, store or look up, wrap."""

from datetime import UTC, datetime
from typing import Protocol

from eventglass.catalog.project import Grant
from eventglass.engine.engine import Engine
from eventglass.errors import refuse
from eventglass.identity import profiles
from eventglass.identity.told import Told, aliased, erased, identified
from eventglass.ingest.times import milliseconds
from eventglass.planning.scope import ScopeOf
from eventglass.spec.profiles import (
    violations_of_alias,
    violations_of_identify,
    violations_of_list,
    violations_of_one,
)
from eventglass.transport.call import AnyMethod, Call, Reply, method
from profiles.v1 import profiles_sdk_service_pb2, profiles_service_pb2
from profiles.v1.profiles_sdk_service_pb2 import (
    AliasRequest,
    AliasResponse,
    IdentifyRequest,
    IdentifyResponse,
)
from profiles.v1.profiles_service_pb2 import (
    DeleteRequest,
    DeleteResponse,
    DeleteUserRequest,
    DeleteUserResponse,
    GetRequest,
    GetResponse,
    ListRequest,
)

_SDK = profiles_sdk_service_pb2.DESCRIPTOR.services_by_name["ProfilesSDKService"]
_SERVICE = profiles_service_pb2.DESCRIPTOR.services_by_name["ProfilesService"]


class Tells(Protocol):
    """Where what is said of persons goes."""

    async def tell(self, told: Told) -> str:
        """Store a call, and say what the person is called; raises EventglassError."""
        ...


def profiles_sdk_service(register: Tells) -> list[AnyMethod]:
    """Make the service's methods."""

    async def identify(request: IdentifyRequest, _call: Call, grant: Grant) -> Reply:
        refuse(violations_of_identify(request))
        now_ms = milliseconds(datetime.now(UTC))
        profile_id = await register.tell(identified(request, grant.project.id, now_ms))
        return Reply(message=IdentifyResponse(profile_id=profile_id), rows=1)

    async def alias(request: AliasRequest, _call: Call, grant: Grant) -> Reply:
        refuse(violations_of_alias(request))
        now_ms = milliseconds(datetime.now(UTC))
        profile_id = await register.tell(aliased(request, grant.project.id, now_ms))
        return Reply(message=AliasResponse(profile_id=profile_id), rows=1)

    named = _SDK.methods_by_name
    return [
        method(named["Identify"], IdentifyRequest, identify, rules=violations_of_identify),
        method(named["Alias"], AliasRequest, alias, rules=violations_of_alias),
    ]


def profiles_service(*, register: Tells, engine: Engine, scope: ScopeOf) -> list[AnyMethod]:
    """Make the service's methods.

    Args:
        register: where it is said who is erased.
        engine: where persons are looked up.
        scope: says what a question about a project looks at, by the question's id.
    """

    async def get(request: GetRequest, call: Call, grant: Grant) -> Reply:
        refuse(violations_of_one(request))
        looking = await scope(grant.project, call.request_id)
        profile = await profiles.get(request.id, looking, engine, call.remaining())
        return Reply(message=GetResponse(profile=profile), rows=1)

    async def list_(request: ListRequest, call: Call, grant: Grant) -> Reply:
        refuse(violations_of_list(request, grant.project))
        looking = await scope(grant.project, call.request_id)
        page = await profiles.list_profiles(request, looking, engine, call.remaining())
        return Reply(message=page, rows=len(page.profiles))

    async def delete(request: DeleteRequest, call: Call, grant: Grant) -> Reply:
        refuse(violations_of_one(request))
        await register.tell(erased(request, await scope(grant.project, call.request_id)))
        return Reply(message=DeleteResponse(), rows=1)

    async def delete_user(request: DeleteUserRequest, call: Call, grant: Grant) -> Reply:
        refuse(violations_of_one(request))
        await register.tell(erased(request, await scope(grant.project, call.request_id)))
        return Reply(message=DeleteUserResponse(), rows=1)

    named = _SERVICE.methods_by_name
    return [
        method(named["Get"], GetRequest, get, rules=violations_of_one),
        method(named["List"], ListRequest, list_, rules=violations_of_list),
        method(named["Delete"], DeleteRequest, delete, rules=violations_of_one),
        method(named["DeleteUser"], DeleteUserRequest, delete_user, rules=violations_of_one),
    ]
