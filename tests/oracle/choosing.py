"""How often random worlds and specs are of which kind."""

from typing import TypeVar

from hypothesis import strategies as st

_T = TypeVar("_T")


def one_in(many: int) -> st.SearchStrategy[bool]:
    """True once in so many times."""
    return st.sampled_from((*[False] * (many - 1), True))


def weighted(*strategies: st.SearchStrategy[_T]) -> st.SearchStrategy[_T]:
    """Draw from one of them, twice as often from one that stands here twice, as `st.one_of` does not."""
    return st.sampled_from(strategies).flatmap(lambda chosen: chosen)
