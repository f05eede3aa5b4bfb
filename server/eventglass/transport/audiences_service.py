"""audiences.v1.AudiencesService: unwrap, keep or count, wrap."""

from datetime import UTC, datetime

from audiences.v1 import audiences_service_pb2
from audiences.v1.audience_pb2 import Audience as AudienceMessage
from audiences.v1.audiences_service_pb2 import (
    CreateRequest,
    CreateResponse,
    DeleteRequest,
    DeleteResponse,
    EstimateSizeRequest,
    GetRequest,
    GetResponse,
    ListRequest,
    ListResponse,
    UpdateRequest,
    UpdateResponse,
)
from eventglass.audiences import estimate_size
from eventglass.catalog.ask import ask
from eventglass.catalog.audience import Audience
from eventglass.catalog.audiences import Audiences
from eventglass.catalog.project import Grant
from eventglass.engine.engine import Answers
from eventglass.errors import refuse
from eventglass.planning import audience_pages
from eventglass.planning.page_tokens import DEFAULT_SIZE
from eventglass.planning.scope import ScopeOf
from eventglass.spec import audiences as rules
from eventglass.transport.call import AnyMethod, Call, Reply, method

_SERVICE = audiences_service_pb2.DESCRIPTOR.services_by_name["AudiencesService"]


def audiences_service(*, audiences: Audiences, engine: Answers, scope: ScopeOf) -> list[AnyMethod]:
    """Make the service's methods.

    Args:
        audiences: where they are kept.
        engine: where events are.
        scope: says what a question about a project looks at, by the question's id.
    """
    return [*_reading(audiences, engine, scope), *_changing(audiences)]


def _reading(audiences: Audiences, engine: Answers, scope: ScopeOf) -> list[AnyMethod]:
    async def get(request: GetRequest, _call: Call, grant: Grant) -> Reply:
        refuse(rules.violations_of_one(request))
        found = await ask(audiences.get, grant.project.id, request.id)
        return Reply(message=GetResponse(audience=_message(found)), rows=1)

    async def list_(request: ListRequest, _call: Call, grant: Grant) -> Reply:
        refuse(rules.violations_of_list(request, grant.project))
        after = audience_pages.decode(request, grant.project.id) if request.page_token else None
        size = request.page_size or DEFAULT_SIZE
        found = await ask(audiences.page, grant.project.id, after=after, size=size + 1)
        response = ListResponse(audiences=map(_message, found[:size]))
        if len(found) > size:
            response.next_page_token = audience_pages.encode(request, grant.project.id, found[size - 1].name)
        return Reply(message=response, rows=len(response.audiences))

    async def size(request: EstimateSizeRequest, call: Call, grant: Grant) -> Reply:
        refuse(rules.violations_of_size(request))
        where = request.where
        if not request.HasField("where"):
            where = (await ask(audiences.get, grant.project.id, request.id)).where
        asked = await scope(grant.project, call.request_id)
        response = await estimate_size(where, asked, engine, call.remaining())
        return Reply(message=response, rows=1)

    named = _SERVICE.methods_by_name
    return [
        method(named["Get"], GetRequest, get, rules=rules.violations_of_one),
        method(named["List"], ListRequest, list_, rules=rules.violations_of_list),
        method(named["EstimateSize"], EstimateSizeRequest, size, rules=rules.violations_of_size),
    ]


def _changing(audiences: Audiences) -> list[AnyMethod]:
    async def create(request: CreateRequest, _call: Call, grant: Grant) -> Reply:
        refuse(rules.violations_of_create(request))
        made = await ask(
            audiences.create,
            grant.project.id,
            name=request.name,
            description=request.description,
            where=request.where,
            now=datetime.now(UTC),
        )
        return Reply(message=CreateResponse(audience=_message(made)), rows=1)

    async def update(request: UpdateRequest, _call: Call, grant: Grant) -> Reply:
        refuse(rules.violations_of_update(request))
        changed = await ask(
            audiences.update,
            grant.project.id,
            request.id,
            name=request.name if request.HasField("name") else None,
            description=request.description if request.HasField("description") else None,
            where=request.where if request.HasField("where") else None,
            now=datetime.now(UTC),
        )
        return Reply(message=UpdateResponse(audience=_message(changed)), rows=1)

    async def delete(request: DeleteRequest, _call: Call, grant: Grant) -> Reply:
        refuse(rules.violations_of_one(request))
        await ask(audiences.delete, grant.project.id, request.id)
        return Reply(message=DeleteResponse(), rows=1)

    named = _SERVICE.methods_by_name
    return [
        method(named["Create"], CreateRequest, create, rules=rules.violations_of_create),
        method(named["Update"], UpdateRequest, update, rules=rules.violations_of_update),
        method(named["Delete"], DeleteRequest, delete, rules=rules.violations_of_one),
    ]


def _message(audience: Audience) -> AudienceMessage:
    message = AudienceMessage(
        id=audience.id, name=audience.name, description=audience.description, where=audience.where
    )
    message.create_time.FromDatetime(audience.created_at)
    message.update_time.FromDatetime(audience.updated_at)
    return message
