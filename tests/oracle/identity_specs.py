"""Random calls of Identify and Alias, over the few ids that worlds have."""

from hypothesis import strategies as st

from profiles.v1.profiles_sdk_service_pb2 import AliasRequest, IdentifyRequest
from tests.oracle import pools
from tests.oracle.identities import Call

_IDS = tuple(dict.fromkeys((*pools.USER_IDS, *pools.ANONYMOUS_IDS, "nobody's")))
_NAMED = tuple(filter(None, _IDS))

_IDENTIFY = st.builds(
    IdentifyRequest,
    external_id=st.sampled_from(tuple(filter(None, pools.USER_IDS))),
    anonymous_id=st.sampled_from((*pools.ANONYMOUS_IDS, *_IDS)),
)
_ALIAS = st.builds(AliasRequest, previous_id=st.sampled_from(_NAMED), external_id=st.sampled_from(_NAMED))


def calls() -> st.SearchStrategy[list[Call]]:
    """Draw the calls of a world, none in half of them."""
    some = st.lists(st.one_of(_IDENTIFY, _IDENTIFY, _ALIAS), min_size=1, max_size=5)
    return st.one_of(st.just([]), some)
