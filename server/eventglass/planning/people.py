"""What is known of a project's persons besides their events (semantics 2.7 to 2.11)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """How far a question looks at what identity has been told.

    Args:
        version: the newest change that counts, the millisecond in which it was told or a later one; 0
            before the first one.
        merged: whether some persons have more than one id.
        erased: whether some persons, or traits of theirs, were erased.
        erasures: how many ids were erased with their events, each time that they were.
    """

    version: int = 0
    merged: bool = False
    erased: bool = False
    erasures: int = 0


NOBODY_IDENTIFIED = People()

# Whatever is stored, for who cannot know it: statements find out. Of erasures they count none.
WHOEVER = People(version=2**63 - 1, merged=True, erased=True)
