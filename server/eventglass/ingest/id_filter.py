"""A compact memory of event hashes that says "never seen" for sure, and "seen" with a few errors.

A Bloom filter in words: a hash chooses one word of 64 bits and five bits in it, so that a question reads
one place in memory. With 16 bits per hash about 1 of 230 new hashes is taken for a seen one. When a
layer is full the next one is made as large as all before it, and all layers are asked.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from eventglass.ingest.hash_parts import Hashes

_Words = npt.NDArray[np.uint64]

_HASHES_PER_WORD: Final = 4
_BITS: Final = 5
_SMALLEST: Final = 500_000
_BIT_INDEX: Final = np.uint64(63)
_HALF: Final = np.uint64(32)
_ONE: Final = np.uint64(1)


@dataclass(slots=True)
class _Layer:
    words: _Words
    room: int  # for how many hashes it is made, less those it has


@dataclass(slots=True)
class IdFilter:
    """Hashes that were added.

    Args:
        expected: how many there will be soon; more can be added.
    """

    expected: int = 0
    _layers: list[_Layer] = field(default_factory=list, init=False)
    _added: int = field(default=0, init=False)

    def add(self, hashes: Hashes) -> None:
        """Remember hashes."""
        layer = self._roomy(len(hashes))
        np.bitwise_or.at(layer.words, _places(hashes, layer.words), _masks(hashes))
        layer.room -= len(hashes)
        self._added += len(hashes)

    def may_have(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Tell of each hash whether it may have been added; False: it was not."""
        masks = _masks(hashes)
        found = np.zeros(len(hashes), dtype=np.bool_)
        for layer in self._layers:
            found |= (layer.words[_places(hashes, layer.words)] & masks) == masks
        return found

    def _roomy(self, needed: int) -> _Layer:
        if not self._layers or self._layers[-1].room < needed:
            room = max(_SMALLEST, self.expected - self._added, self._added, needed)
            words = np.zeros(-(-room // _HASHES_PER_WORD), dtype=np.uint64)
            self._layers.append(_Layer(words=words, room=room))
        return self._layers[-1]


def _places(hashes: Hashes, words: _Words) -> npt.NDArray[np.intp]:
    # By the upper part, in its order: hashes that come sorted touch memory in order.
    return (((hashes["upper"] >> _HALF) * np.uint64(len(words))) >> _HALF).astype(np.intp)


def _masks(hashes: Hashes) -> _Words:
    lower = hashes["lower"].astype(np.uint64)
    masks = np.zeros(len(hashes), dtype=np.uint64)
    for bit in range(_BITS):
        masks |= _ONE << ((lower >> np.uint64(6 * bit)) & _BIT_INDEX)
    return masks
