"""Random calls of Identify and Alias, over the few ids that worlds have."""

from collections.abc import Sequence
from datetime import datetime

from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from hypothesis import strategies as st

from profiles.v1.profiles_sdk_service_pb2 import AliasRequest, IdentifyRequest
from profiles.v1.profiles_service_pb2 import DeleteRequest, DeleteUserRequest
from tests.oracle import pools
from tests.oracle.choosing import weighted
from tests.oracle.history import Json
from tests.oracle.identities import Call

_IDS = tuple(dict.fromkeys((*pools.USER_IDS, *pools.ANONYMOUS_IDS, "nobody's")))
_NAMED = tuple(filter(None, _IDS))

# What a trait may be set to; few values, so that persons share them.
_VALUES: dict[str, tuple[Json, ...]] = {
    pools.PLAN: ("free", "pro", 5.0, "5", True, "true", [1.0], {"x": 1.0}, "", None),
    pools.AMOUNT: (*pools.AMOUNTS, "20.5", "abc", None),
    pools.DEEP: ("free", 1.0, False, None),
    "a.b": ({"c": "free"}, {"c": ""}, "plain", None),
    "a": ({"b": {"c": "pro"}}, {"b.c": 5.0}, {"b": 5.0}, 5.0, None),
}


@st.composite
def _identify(draw: st.DrawFn, moments: Sequence[datetime]) -> IdentifyRequest:
    call = IdentifyRequest(
        external_id=draw(st.sampled_from(tuple(filter(None, pools.USER_IDS)))),
        anonymous_id=draw(st.sampled_from((*pools.ANONYMOUS_IDS, *_IDS))),
    )
    names = draw(st.sets(st.sampled_from((*[pools.PLAN] * 3, *_VALUES)), max_size=3))
    traits = {name: draw(st.sampled_from(_VALUES[name])) for name in sorted(names)}
    call.traits.CopyFrom(ParseDict(traits, Struct()))
    if draw(st.booleans()):
        call.timestamp.FromDatetime(draw(st.sampled_from(moments)))
    return call


@st.composite
def _plan(draw: st.DrawFn, moments: Sequence[datetime]) -> IdentifyRequest:
    """Draw a value of one trait of one of two users, so that values are given again and come late."""
    call = IdentifyRequest(external_id=draw(st.sampled_from(_TWO_USERS)))
    call.traits.CopyFrom(ParseDict({pools.PLAN: draw(st.sampled_from(("free", "pro")))}, Struct()))
    call.timestamp.FromDatetime(draw(st.sampled_from(moments)))
    return call


_TWO_USERS = ("u1", "u2")
_ALIAS_OF_TWO = st.builds(
    AliasRequest, previous_id=st.sampled_from(_TWO_USERS), external_id=st.sampled_from(_TWO_USERS)
)
_ALIAS = st.builds(AliasRequest, previous_id=st.sampled_from(_NAMED), external_id=st.sampled_from(_NAMED))


def joins(moments: Sequence[datetime]) -> st.SearchStrategy[Call]:
    """Draw a call of Identify or Alias, perhaps about a moment of the past."""
    return weighted(_identify(moments), _identify(moments), _ALIAS)


def calls(moments: Sequence[datetime]) -> st.SearchStrategy[list[Call]]:
    """Draw the calls of a world, none in half of them, and erasures in some."""
    said = joins(moments)
    erased = st.one_of(
        st.builds(DeleteRequest, id=st.sampled_from(_NAMED)),
        st.builds(DeleteUserRequest, id=st.sampled_from(_NAMED)),
    )
    some = st.lists(said, min_size=1, max_size=6)
    anything: st.SearchStrategy[Call] = weighted(said, said, said, erased)
    with_erasures = st.lists(anything, min_size=1, max_size=6)
    plan = _plan(moments)
    of_two: st.SearchStrategy[Call] = weighted(plan, plan, plan, _ALIAS_OF_TWO)
    plans = st.lists(of_two, min_size=3, max_size=8)
    nothing: st.SearchStrategy[list[Call]] = st.just([])
    return weighted(*[nothing] * 4, some, some, plans, with_erasures)
