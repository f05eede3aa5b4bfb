"""Rules of requests about persons."""

from collections.abc import Iterator
from functools import partial

from eventglass.catalog.project import Project
from eventglass.engine.layout import FIRST_TIME
from eventglass.errors import Violation
from eventglass.ingest.identity import MAX_ID_BYTES
from eventglass.ingest.properties import MAX_PROPERTIES, fault_of, flatten
from eventglass.ingest.structs import read_struct
from eventglass.planning.profiles import decode
from eventglass.planning.properties import is_name_of_trait
from eventglass.spec import paging, times
from eventglass.spec.names import TRAIT_NAMES
from profiles.v1.profiles_sdk_service_pb2 import AliasRequest, IdentifyRequest
from profiles.v1.profiles_service_pb2 import DeleteRequest, DeleteUserRequest, GetRequest, ListRequest

_SHOWN = 100
# The first second that no Timestamp has.
_AFTER_9999 = 253_402_300_800

_ANY_PROJECT = Project(id="")


def violations_of_identify(request: IdentifyRequest, _: Project = _ANY_PROJECT) -> list[Violation]:
    """List what is wrong with a request, by field path."""
    return [
        *of_id("external_id", request.external_id, hint="name the user"),
        *(of_id("anonymous_id", request.anonymous_id) if request.anonymous_id else ()),
        *_of_traits(request),
        *_of_timestamp(request),
    ]


def violations_of_alias(request: AliasRequest, _: Project = _ANY_PROJECT) -> list[Violation]:
    """List what is wrong with a request, by field path."""
    return [
        *of_id("previous_id", request.previous_id, hint="name the other id"),
        *of_id("external_id", request.external_id, hint="name the user"),
    ]


def violations_of_one(
    request: GetRequest | DeleteRequest | DeleteUserRequest, _: Project = _ANY_PROJECT
) -> list[Violation]:
    """List what is wrong with a request that names one person, by field path."""
    return list(of_id("id", request.id, hint="name any id of the person"))


def violations_of_list(request: ListRequest, project: Project = _ANY_PROJECT) -> list[Violation]:
    """List what is wrong with a request, by field path."""
    of_project = partial(decode, request, project.id)
    return list(paging.violations("", request.page_size, request.page_token, of_project))


def of_id(field: str, given: str, *, hint: str = "") -> Iterator[Violation]:
    """Check an id that must be there."""
    if not given:
        yield Violation(field=field, code="REQUIRED", description=f"is empty; {hint}")
    elif (size := len(given.encode())) > MAX_ID_BYTES:
        description = f"has {size:,} bytes; an id has at most {MAX_ID_BYTES:,}"
        yield Violation(field=field, code="TOO_LONG", description=description)


def _of_traits(request: IdentifyRequest) -> Iterator[Violation]:
    traits = read_struct(request.traits)
    if "" in traits:
        yield Violation(field="traits", code="EMPTY", description="has a trait without a name; name it")
    if fault := fault_of(traits):
        yield Violation(field=f"traits.{fault.name[:_SHOWN]}", code=fault.reason, description=fault.message)
        return
    names = flatten(traits)
    if len(names) > MAX_PROPERTIES:
        description = f"has {len(names):,} traits, nested ones included; send at most {MAX_PROPERTIES:,}"
        yield Violation(field="traits", code="TOO_MANY_PROPERTIES", description=description)
    elif wrong := next((name for name in names if not is_name_of_trait(name)), None):
        yield Violation(field=f"traits.{wrong[:_SHOWN]}", code="TOO_LONG", description=TRAIT_NAMES)


def _of_timestamp(request: IdentifyRequest) -> Iterator[Violation]:
    if not request.HasField("timestamp"):
        return
    in_nanos = list(times.of_nanos("timestamp", request.timestamp))
    yield from in_nanos
    if not in_nanos and not FIRST_TIME // 1_000 <= request.timestamp.seconds < _AFTER_9999:
        description = "must be in the years 1900 to 9999; what is later than now counts as now"
        yield Violation(field="timestamp", code="OUT_OF_RANGE", description=description)
