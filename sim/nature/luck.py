"""Every random number of the simulator, looked up by address and never consumed.

An address is ``(seed, replication, stream, index)``. The stream names one decision about one object
(``luna-26/landing``), the index is the attempt. The value at an address depends on nothing else:
not on the order of events, on other draws, on the chunk, the worker or the scenario.

The generator is counter-based (Philox 4x64, Salmon et al. 2011, "Parallel random numbers: as easy as
1, 2, 3"): the key is a hash of seed and stream, the counter is made of index and replication. Its third
word is 0 in a plain batch and one more than the draw in a nested one; its fourth tells values from the
permutations and scramblings of quasi-random luck.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Address = tuple[str, int]
Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

_WORDS_PER_BLOCK = 4
_DROPPED_BITS = np.uint64(12)
_HALF = 0.5
_SCALE = 2.0**-52
_VALUES, _PERMUTATION, _SCRAMBLING = range(3)


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

    def uniforms(self, stream: str, index: int = 0, epistemic: bool = False) -> Floats:
        """Give one uniform for each replication of the run.

        The values lie strictly between 0 and 1, so that every inverse CDF is finite. In a plain batch
        both layers, what we do not know and what chance decides, are drawn anew for each replication.

        Returns:
            Uniforms [-], shape ``(count,)``.
        """
        return _as_uniforms(self._words(stream, index, self.first, self.count))

    def _words(
        self, stream: str, index: int, first: int, count: int, lane: int = 0, kind: int = _VALUES
    ) -> Words:
        """The random words of replications `first` onwards [64 bits]."""
        block, offset = divmod(first, _WORDS_PER_BLOCK)
        inner = self._state["state"]
        inner["key"][:] = _key(self.seed, stream)
        inner["counter"][:] = (block, index, lane, kind)
        self._state["buffer_pos"] = _WORDS_PER_BLOCK  # nothing buffered: start a fresh block
        self._generator.state = self._state
        words: Words = self._generator.random_raw(offset + count)[offset:]
        return words


class NestedLuck(Luck):
    """The uniforms of pairs of a draw and a seed number, in two layers.

    What we do not know is addressed by the draw alone, with the value that replication `draw` of a plain
    batch has; what chance decides is addressed by both. So draws and seeds can be extended separately.

    Args:
        seed: the seed of the batch.
        first: the number by which the first pair is known.
        draws: draw of each pair, shape ``(count,)``.
        seeds: seed number of each pair, consecutive within a draw, shape ``(count,)``.
    """

    def __init__(self, seed: int, first: int, draws: NDArray[np.int64], seeds: NDArray[np.int64]) -> None:
        super().__init__(seed, first, len(draws))
        breaks = np.flatnonzero((np.diff(draws) != 0) | (np.diff(seeds) != 1)) + 1
        starts = [0, *breaks.tolist()]
        ends = [*breaks.tolist(), len(draws)]
        self._runs = [
            (int(draws[start]), int(seeds[start]), end - start)
            for start, end in zip(starts, ends, strict=True)
        ]

    def uniforms(self, stream: str, index: int = 0, epistemic: bool = False) -> Floats:
        """Give one uniform for each pair; the same for all seeds of a draw if `epistemic`."""
        pieces = [
            np.repeat(self._words(stream, index, draw, 1), length)
            if epistemic
            else self._words(stream, index, seed, length, lane=draw + 1)
            for draw, seed, length in self._runs
        ]
        return _as_uniforms(np.concatenate(pieces))


class StratifiedLuck(Luck):
    """Uniforms that are spread evenly: in each block of replications every address is a Latin hypercube.

    Within a block each of the `block` equal strata of an address holds one replication (McKay, Beckman
    and Conover 1979). Blocks are independent of one another: their differences give honest errors. The
    value at an address still depends on its own name only.
    """

    def __init__(self, seed: int, first: int, count: int, block: int) -> None:
        super().__init__(seed, first, count)
        self.block = block

    def uniforms(self, stream: str, index: int = 0, epistemic: bool = False) -> Floats:
        """Give one uniform for each replication of the run."""
        numbers = range(self.first // self.block, -(-(self.first + self.count) // self.block))
        whole = np.concatenate([self._of_block(stream, index, number, epistemic) for number in numbers])
        start = self.first - numbers.start * self.block
        return whole[start : start + self.count]

    def _of_block(self, stream: str, index: int, number: int, epistemic: bool) -> Floats:
        first = number * self.block
        jitter = _as_uniforms(self._words(stream, index, first, self.block))
        order = self._words(stream, index, first, self.block, kind=_PERMUTATION)
        return (np.argsort(order, kind="stable") + jitter) / self.block


class SobolLuck(StratifiedLuck):
    """Sobol points for what we do not know, scrambled anew in each block; the rest stratified.

    Scrambling is Owen's (1995), by a hash of the address (Burley 2020, "Practical hash-based Owen
    scrambling"), so that blocks are independent and every estimate is unbiased.

    Args:
        seed: the seed of the batch.
        first: the first replication of the run.
        count: how many replications the run has.
        block: replications of a block, a power of 2.
        dimensions: the addresses that get a dimension of the points, the most important first.
    """

    def __init__(
        self, seed: int, first: int, count: int, block: int, dimensions: Sequence[Address]
    ) -> None:
        super().__init__(seed, first, count, block)
        self._columns = {address: number for number, address in enumerate(dimensions)}
        self._points = _sobol_points(len(dimensions), block)

    def _of_block(self, stream: str, index: int, number: int, epistemic: bool) -> Floats:
        column = self._columns.get((stream, index))
        if column is None:
            return super()._of_block(stream, index, number, epistemic)
        key = self._words(stream, index, number, 1, kind=_SCRAMBLING)[0]
        scrambled = _owen_scrambled(self._points[:, column], np.uint32(key & np.uint64(0xFFFFFFFF)))
        return np.asarray((scrambled.astype(np.float64) + _HALF) * 2.0**-32)


class ChangedLuck(Luck):
    """Luck of which some addresses are changed: fixed, or taken from other replications.

    Args:
        seed: the seed of the batch.
        first: the first replication of the run.
        count: how many replications the run has.
        fixed: uniforms by address, one for all replications or one for each.
        shift: replications by which the luck at `moved` addresses is taken further on.
        moved: addresses; with `all_but` those that stay where they are.
        all_but: move all addresses but these.
    """

    def __init__(
        self,
        seed: int,
        first: int,
        count: int,
        fixed: Mapping[Address, float | Floats] | None = None,
        shift: int = 0,
        moved: frozenset[Address] = frozenset(),
        all_but: bool = False,
    ) -> None:
        super().__init__(seed, first, count)
        self._fixed = fixed or {}
        self._shift = shift
        self._moved = moved
        self._all_but = all_but

    def uniforms(self, stream: str, index: int = 0, epistemic: bool = False) -> Floats:
        """Give one uniform for each replication of the run."""
        address = (stream, index)
        if address in self._fixed:
            return np.broadcast_to(np.asarray(self._fixed[address], dtype=float), (self.count,)).copy()
        further = self._shift if (address in self._moved) is not self._all_but else 0
        return _as_uniforms(self._words(stream, index, self.first + further, self.count))


Box = Mapping[Address, tuple[float, float]]
"""Intervals of uniforms, ``(low, high)``, that hold together."""


class TiltedLuck(Luck):
    """Luck that looks where rare events are: importance sampling from a mixture with bounded weights.

    With a probability of one half a replication is left as it is; otherwise it is put into one of the
    boxes in which the event may happen, chosen by their probabilities. The density ratio is that of the
    whole mixture (union sampling: Owen, Maximov and Chertkov 2019; with a defensive half: Hesterberg
    1995), so no weight exceeds 2, and estimates are right also if the boxes miss a way to the event.

    Args:
        seed: the seed of the batch.
        first: the first replication of the run.
        count: how many replications the run has.
        boxes: of uniforms in which the event may happen.

    Attributes:
        weights: of the replications, mean about 1, shape ``(count,)``.
    """

    def __init__(self, seed: int, first: int, count: int, boxes: Sequence[Box]) -> None:
        super().__init__(seed, first, count)
        addresses = list(dict.fromkeys(address for box in boxes for address in box))
        self._values = {address: super(TiltedLuck, self).uniforms(*address) for address in addresses}
        widths = np.array([np.prod([high - low for low, high in box.values()]) for box in boxes])
        chosen = self._chosen(widths)
        for number, box in enumerate(boxes):
            for address, (low, high) in box.items():
                values = self._values[address]
                self._values[address] = np.where(chosen == number, low + values * (high - low), values)
        inside = np.zeros(count)
        for box in boxes:
            inside += np.all([self._within(address, *ends) for address, ends in box.items()], axis=0)
        self.weights: Floats = 1 / (0.5 + 0.5 * inside / widths.sum()) if boxes else np.ones(count)

    def _chosen(self, widths: Floats) -> NDArray[np.int64]:
        """Box of each replication, -1 for none."""
        choice = 2 * super().uniforms("importance/box") - 1
        steps = np.cumsum(widths) / widths.sum() if len(widths) else widths
        number = np.minimum(np.searchsorted(steps, choice, side="right"), len(widths) - 1)
        return np.where(choice < 0, -1, number)

    def _within(self, address: Address, low: float, high: float) -> NDArray[np.bool_]:
        values = self._values[address]
        return np.asarray((values >= low) & (values < high))

    def uniforms(self, stream: str, index: int = 0, epistemic: bool = False) -> Floats:
        """Give one uniform for each replication of the run."""
        if (stream, index) in self._values:
            return self._values[stream, index].copy()
        return super().uniforms(stream, index, epistemic)


def _as_uniforms(words: Words) -> Floats:
    return ((words >> _DROPPED_BITS).astype(np.float64) + _HALF) * _SCALE


def _key(seed: int, stream: str) -> tuple[int, int]:
    digest = blake2b(f"{seed}/{stream}".encode(), digest_size=16).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")


@lru_cache(maxsize=8)
def _sobol_points(dimensions: int, count: int) -> NDArray[np.uint32]:
    """The first `count` Sobol points as whole numbers, shape (count, dimensions)."""
    if not dimensions:
        return np.empty((count, 0), dtype=np.uint32)
    from scipy.stats import qmc

    points = qmc.Sobol(dimensions, scramble=False, bits=32).random(count)
    return np.asarray(np.round(points * 2.0**32), dtype=np.uint64).astype(np.uint32)


def _owen_scrambled(values: NDArray[np.uint32], key: np.uint32) -> NDArray[np.uint32]:
    """Flip each bit by a hash of the bits above it (Laine and Karras 2011; constants of Vegdahl 2021)."""
    with np.errstate(over="ignore"):
        x = _bits_reversed(values)
        x = x ^ (x * np.uint32(0x3D20ADEA))
        x = x + key
        x = x * ((key >> np.uint32(16)) | np.uint32(1))
        x = x ^ (x * np.uint32(0x05526C56))
        x = x ^ (x * np.uint32(0x53A22864))
        return _bits_reversed(x)


def _bits_reversed(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    x = values.astype(np.uint32)
    for shift, mask in ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F), (8, 0x00FF00FF)):
        x = ((x >> np.uint32(shift)) & np.uint32(mask)) | ((x & np.uint32(mask)) << np.uint32(shift))
    return (x >> np.uint32(16)) | (x << np.uint32(16))
