"""Rules of audiences, and of specs that name one."""

from collections.abc import Iterator
from functools import partial

from audiences.v1.audiences_service_pb2 import (
    CreateRequest,
    DeleteRequest,
    EstimateSizeRequest,
    GetRequest,
    ListRequest,
    UpdateRequest,
)
from eventglass.catalog.project import Project
from eventglass.errors import Violation
from eventglass.planning import audience_pages
from eventglass.planning.properties import USER_PREFIX
from eventglass.spec import behaviors, filters, names, paging
from insights.v1.filter_pb2 import FilterExpression
from insights.v1.query_spec_pb2 import QuerySpec

LONGEST_NAME = 200
LONGEST_DESCRIPTION = 1_000

_ANY_PROJECT = Project(id="")


def of_spec(spec: QuerySpec, *, found: bool) -> Iterator[Violation]:
    """Check that the audience that a spec names was found in its project."""
    if spec.audience_id and not found:
        yield Violation(
            field="query.audience_id",
            code="UNKNOWN_AUDIENCE",
            description="names no audience of this project; AudiencesService.List gives those that it has",
        )


def violations_of_create(request: CreateRequest, _: Project = _ANY_PROJECT) -> list[Violation]:
    """List what is wrong with a request, by field path."""
    return [*_of_name(request.name), *_of_description(request.description), *_required_tree(request)]


def violations_of_update(request: UpdateRequest, _: Project = _ANY_PROJECT) -> list[Violation]:
    """List what is wrong with a request, by field path."""
    found = [
        *_of_id(request.id),
        *(_of_name(request.name) if request.HasField("name") else ()),
        *(_of_description(request.description) if request.HasField("description") else ()),
        *(_of_tree(request.where) if request.HasField("where") else ()),
    ]
    if not any(request.HasField(field) for field in ("name", "description", "where")):
        description = "changes nothing; give a name, a description or where"
        found.append(Violation(field="", code="EMPTY", description=description))
    return found


def violations_of_list(request: ListRequest, project: Project = _ANY_PROJECT) -> list[Violation]:
    """List what is wrong with a request, by field path."""
    decode = partial(audience_pages.decode, request, project.id)
    return list(paging.violations("", request.page_size, request.page_token, decode))


def violations_of_size(request: EstimateSizeRequest, _: Project = _ANY_PROJECT) -> list[Violation]:
    """List what is wrong with a request, by field path."""
    if request.HasField("where"):
        return list(_of_tree(request.where))
    if request.id:
        return []
    description = "is required, or where; name an audience by its id, or say who would be in it"
    return [Violation(field="id", code="REQUIRED", description=description)]


def violations_of_one(request: GetRequest | DeleteRequest, _: Project = _ANY_PROJECT) -> list[Violation]:
    """List what is wrong with a request that only names an audience."""
    return list(_of_id(request.id))


def _of_id(given: str) -> Iterator[Violation]:
    if not given:
        yield Violation(field="id", code="REQUIRED", description="is required; name an audience by its id")


def _of_name(name: str) -> Iterator[Violation]:
    if not name:
        yield Violation(field="name", code="REQUIRED", description="is required; people look for it")
    elif len(name) > LONGEST_NAME or name != name.strip() or not name.isprintable():
        yield Violation(
            field="name",
            code="INVALID_VALUE",
            description=f"must be 1 to {LONGEST_NAME} printable characters, without spaces around them",
        )


def _of_description(description: str) -> Iterator[Violation]:
    if len(description) > LONGEST_DESCRIPTION or "\0" in description:
        yield Violation(
            field="description",
            code="INVALID_VALUE",
            description=f"must be at most {LONGEST_DESCRIPTION:,} characters, none of them U+0000",
        )


def _required_tree(request: CreateRequest) -> Iterator[Violation]:
    if request.HasField("where"):
        yield from _of_tree(request.where)
    else:
        yield Violation(
            field="where", code="REQUIRED", description="is required; say who is in it, with filter or did"
        )


def _of_tree(tree: FilterExpression) -> Iterator[Violation]:
    yield from filters.of_tree("where", tree)
    yield from behaviors.violations("where", tree)
    yield from names.violations("where", tree)
    yield from _of_persons("where", tree)


def _of_persons(path: str, tree: FilterExpression) -> Iterator[Violation]:
    """Refuse conditions on events where only persons are asked about; `did` asks about events."""
    kind = tree.WhichOneof("expression")
    match kind:
        case "filter":
            if tree.filter.property and not tree.filter.property.startswith(USER_PREFIX):
                yield Violation(
                    field=f"{path}.filter.property",
                    code="NOT_OF_PERSON",
                    description=f"must be a trait as in {USER_PREFIX}plan; what events say belongs in a did",
                )
        case "not":
            yield from _of_persons(f"{path}.not", getattr(tree, "not"))
        case "all_of" | "any_of":
            for position, each in enumerate(getattr(tree, kind).expressions):
                yield from _of_persons(f"{path}.{kind}.expressions[{position}]", each)
