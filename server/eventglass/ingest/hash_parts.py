"""Hashes of events in two numbers each, as the table has them and numpy and the engine read them quickly."""

from collections.abc import Sequence
from struct import Struct
from typing import Final

import numpy as np
import numpy.typing as npt

# One after the other: `upper` of 64 bits, and the 32 bits below, `lower`.
Hashes = npt.NDArray[np.void]

# As `identity.event_hash` writes them.
_LAYOUT: Final = np.dtype([("lower", "<u4"), ("upper", "<u8")])
_HASH: Final = Struct("<IQ")


def in_parts(hashes: Sequence[bytes]) -> Hashes:
    """Read hashes as numbers."""
    return np.frombuffer(b"".join(hashes), dtype=_LAYOUT)


def paired(upper: Sequence[int], lower: Sequence[int]) -> Hashes:
    """Put hashes together of their parts."""
    hashes = np.empty(len(upper), dtype=_LAYOUT)
    hashes["upper"], hashes["lower"] = upper, lower
    return hashes


def whole(upper: Sequence[int], lower: Sequence[int]) -> set[bytes]:
    """Put hashes together of their parts, as `identity.event_hash` gives them."""
    return {*map(_HASH.pack, lower, upper)}
