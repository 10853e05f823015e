"""Every random number of the simulator, looked up by address and never consumed.

An address is ``(seed, replication, stream, index)``. The stream names one decision about one object
(``luna-26/landing``), the index is the attempt. The value at an address depends on nothing else:
not on the order of events, on other draws, on the chunk, the worker or the scenario.

The generator is counter-based (Philox 4x64, Salmon et al. 2011, "Parallel random numbers: as easy as
1, 2, 3"): the key is a hash of seed and stream, the counter is made of index and replication.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

_WORDS_PER_BLOCK = 4
_DROPPED_BITS = np.uint64(12)
_HALF = 0.5
_SCALE = 2.0**-52


class Luck:
    """The uniforms of a run of consecutive replications.

    Args:
        seed: the seed of the batch.
        first: the first replication of the run.
        count: how many replications the run has.
    """

    def __init__(self, seed: int, first: int = 0, count: int = 1) -> None:
        self.seed = seed
        self.first = first
        self.count = count
        self._generator = np.random.Philox(0)
        self._state = self._generator.state

    def uniforms(self, stream: str, index: int = 0) -> NDArray[np.float64]:
        """Give one uniform for each replication of the run.

        The values lie strictly between 0 and 1, so that every inverse CDF is finite.

        Returns:
            Uniforms [-], shape ``(count,)``.
        """
        block, offset = divmod(self.first, _WORDS_PER_BLOCK)
        self._seek(stream, index, block)
        words = self._generator.random_raw(offset + self.count)[offset:]
        return ((words >> _DROPPED_BITS).astype(np.float64) + _HALF) * _SCALE

    def _seek(self, stream: str, index: int, block: int) -> None:
        inner = self._state["state"]
        inner["key"][:] = _key(self.seed, stream)
        inner["counter"][:] = (block, index, 0, 0)
        self._state["buffer_pos"] = _WORDS_PER_BLOCK  # nothing buffered: start a fresh block
        self._generator.state = self._state


def _key(seed: int, stream: str) -> tuple[int, int]:
    digest = blake2b(f"{seed}/{stream}".encode(), digest_size=16).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")
