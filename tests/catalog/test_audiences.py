from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf.json_format import ParseDict

from eventglass.catalog import audiences as module
from eventglass.catalog.audience import Audience
from eventglass.catalog.audiences import Audiences
from eventglass.catalog.catalog import Catalog
from eventglass.errors import AlreadyExistsError, LimitError, NotFoundError
from insights.v1.filter_pb2 import FilterExpression

NOW = datetime(2026, 5, 1, 12, 30, 0, 123_000, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
ODD = {"property": "$user.größe\u0000", "operator": "OPERATOR_IN", "value": [1, "a", True]}
BUYERS = ParseDict(
    {
        "allOf": {
            "expressions": [
                {"did": {"name": "buy", "atLeast": 2, "within": "86400.001s"}},
                {
                    "not": {
                        "filter": {
                            "property": "$user.größe\u0000",
                            "operator": "OPERATOR_IN",
                            "value": [1, "a", True],
                        }
                    }
                },
            ]
        }
    },
    FilterExpression(),
)


@pytest.fixture
def audiences(catalog: Catalog) -> Audiences:
    return Audiences(catalog)


def make(audiences: Audiences, name: str, *, project: str = "shop") -> Audience:
    return audiences.create(project, name=name, description="They buy.", where=BUYERS, now=NOW)


def test_an_audience_comes_back_as_it_was_made(audiences: Audiences) -> None:
    made = make(audiences, "Buyers")

    assert audiences.get("shop", made.id) == made
    assert made.where == BUYERS
    assert (made.created_at, made.updated_at) == (NOW, NOW)
    assert audiences.tree("shop", made.id) == BUYERS


def test_other_projects_do_not_see_it(audiences: Audiences) -> None:
    made = make(audiences, "Buyers")

    with pytest.raises(NotFoundError):
        audiences.get("other", made.id)
    with pytest.raises(NotFoundError):
        audiences.update("other", made.id, name="Mine", description=None, where=None, now=LATER)
    with pytest.raises(NotFoundError):
        audiences.delete("other", made.id)
    assert audiences.tree("other", made.id) is None
    assert audiences.page("other", after=None, size=10) == []
    assert audiences.get("shop", made.id) == made


def test_only_what_is_given_changes(audiences: Audiences) -> None:
    made = make(audiences, "Buyers")
    anybody = ParseDict({"did": {}}, FilterExpression())

    renamed = audiences.update(
        "shop", made.id, name="Two-time buyers", description=None, where=None, now=LATER
    )
    changed = audiences.update("shop", made.id, name=None, description="", where=anybody, now=LATER)

    assert (renamed.name, renamed.description, renamed.where) == ("Two-time buyers", "They buy.", BUYERS)
    assert (changed.name, changed.description, changed.where) == ("Two-time buyers", "", anybody)
    assert (changed.created_at, changed.updated_at) == (NOW, LATER)
    assert audiences.get("shop", made.id) == changed


def test_what_is_deleted_is_gone(audiences: Audiences) -> None:
    made = make(audiences, "Buyers")

    audiences.delete("shop", made.id)

    assert audiences.tree("shop", made.id) is None
    with pytest.raises(NotFoundError):
        audiences.delete("shop", made.id)
    assert make(audiences, "Buyers").id != made.id


@pytest.mark.parametrize("odd", ["", "nope", "a\0b", "x" * 1_000])
def test_ids_of_nothing_are_not_found_in_any_database(audiences: Audiences, odd: str) -> None:
    assert audiences.tree("shop", odd) is None
    with pytest.raises(NotFoundError):
        audiences.get("shop", odd)
    with pytest.raises(NotFoundError):
        audiences.update("shop", odd, name="a", description=None, where=None, now=LATER)
    with pytest.raises(NotFoundError):
        audiences.delete("shop", odd)


def test_names_differ_within_a_project(audiences: Audiences) -> None:
    make(audiences, "Buyers")
    make(audiences, "Buyers", project="other")
    second = make(audiences, "buyers")

    with pytest.raises(AlreadyExistsError, match="Buyers"):
        make(audiences, "Buyers")
    with pytest.raises(AlreadyExistsError, match="Buyers"):
        audiences.update("shop", second.id, name="Buyers", description=None, where=None, now=LATER)


def test_pages_are_by_name_by_code_point(audiences: Audiences) -> None:
    for name in ("b", "ä", "B", "a", "Z"):
        make(audiences, name)

    first = audiences.page("shop", after=None, size=2)
    rest = audiences.page("shop", after=first[-1].name, size=10)

    assert [each.name for each in (*first, *rest)] == ["B", "Z", "a", "b", "ä"]


def test_a_project_has_only_so_many(audiences: Audiences, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OF_PROJECT", 2)
    make(audiences, "one")
    make(audiences, "two")
    make(audiences, "three", project="other")

    with pytest.raises(LimitError, match="at most 2"):
        make(audiences, "three")
