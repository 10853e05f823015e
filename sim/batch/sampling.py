"""How the replications of a batch get their luck: plainly, spread evenly in blocks, or nested in draws.

This is plain data in the results folder; it tells also which replications belong together, so that
estimates know what is independent of what.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.nature.luck import Address, Luck, NestedLuck, SobolLuck, StratifiedLuck

Integers = NDArray[np.int64]

KINDS = ("random", "stratified", "sobol")
DEFAULT_BLOCK = 64


class Tile(NamedTuple):
    """A rectangle of draws and seed numbers whose replications are numbered one after the other."""

    first_draw: int
    draws: int
    first_seed: int
    seeds: int

    @property
    def size(self) -> int:
        """Number of replications."""
        return self.draws * self.seeds

    def pairs(self, numbers: Integers) -> tuple[Integers, Integers]:
        """Draws and seed numbers of replications, counted from the first of the tile."""
        return self.first_draw + numbers // self.seeds, self.first_seed + numbers % self.seeds


@dataclass(frozen=True)
class Sampling:
    """How replications get their luck.

    Attributes:
        kind: ``random``, ``stratified``, ``sobol`` or ``nested``.
        block: replications of a block that is spread evenly; 0 if there are none.
        tiles: of a nested batch, in the order in which they were asked for.
    """

    kind: str = "random"
    block: int = 0
    tiles: tuple[Tile, ...] = ()

    @property
    def draws(self) -> int:
        """Epistemic draws of a nested batch."""
        return max((tile.first_draw + tile.draws for tile in self.tiles), default=0)

    @property
    def seeds(self) -> int:
        """Seeds of each draw of a nested batch."""
        return max((tile.first_seed + tile.seeds for tile in self.tiles), default=0)

    def replications(self, wanted: int) -> int:
        """Replications to run: those of all tiles, or those wanted, up to a whole block."""
        if self.kind == "nested":
            return sum(tile.size for tile in self.tiles)
        return -(-wanted // self.block) * self.block if self.block else wanted

    def luck(self, seed: int, first: int, count: int, epistemic: tuple[Address, ...]) -> Luck:
        """Give the luck of a run of replications.

        Args:
            seed: of the batch.
            first: first replication of the run.
            count: how many the run has.
            epistemic: addresses of what is not known, which Sobol points are for.
        """
        if self.kind == "nested":
            return NestedLuck(seed, first, *self.pairs(np.arange(first, first + count)))
        if self.kind == "sobol":
            return SobolLuck(seed, first, count, self.block, sorted(epistemic))
        if self.kind == "stratified":
            return StratifiedLuck(seed, first, count, self.block)
        return Luck(seed, first, count)

    def pairs(self, replications: Integers) -> tuple[Integers, Integers]:
        """Draw and seed number of each replication of a nested batch."""
        draws = np.zeros(len(replications), dtype=np.int64)
        seeds = np.zeros(len(replications), dtype=np.int64)
        start = 0
        for tile in self.tiles:
            mine = (replications >= start) & (replications < start + tile.size)
            draws[mine], seeds[mine] = tile.pairs(replications[mine] - start)
            start += tile.size
        return draws, seeds

    def groups(self, count: int) -> Integers | None:
        """Say which replications belong together, by draw or block; none do in a plain batch."""
        if self.kind == "nested":
            return self.pairs(np.arange(count))[0]
        return np.arange(count) // self.block if self.block else None

    def order(self, count: int) -> Integers:
        """An order of the first replications that does not depend on how a batch was extended."""
        if self.kind != "nested":
            return np.arange(count)
        draws, seeds = self.pairs(np.arange(count))
        return np.lexsort((seeds, draws))

    def extended(self, draws: int, seeds: int) -> Sampling:
        """Add what is missing for so many draws and seeds; what is there keeps its numbers."""
        tiles = list(self.tiles)
        had_draws, had_seeds = self.draws, self.seeds
        if draws > had_draws:
            tiles.append(Tile(had_draws, draws - had_draws, 0, had_seeds or seeds))
        if 0 < had_seeds < seeds:
            tiles.append(Tile(0, max(draws, had_draws), had_seeds, seeds - had_seeds))
        return Sampling("nested", 0, tuple(tiles))

    def written(self) -> dict[str, Any]:
        """Give it as plain data."""
        return {"kind": self.kind, "block": self.block, "tiles": [list(tile) for tile in self.tiles]}

    @classmethod
    def read(cls, batch: dict[str, Any]) -> Sampling:
        """Read it from the data of a batch; one without is plain."""
        data = batch.get("sampling")
        if data is None:
            return cls()
        return cls(data["kind"], data["block"], tuple(Tile(*tile) for tile in data["tiles"]))


PLAIN = Sampling()


def sampling_of(kind: str, draws: int | None, seeds: int | None) -> Sampling:
    """Make what was asked for.

    Raises:
        ValueError: says what does not go together.
    """
    if (draws is None) != (seeds is None):
        raise ValueError("a nested batch needs both: --draws for what is not known, --seeds for chance")
    if draws is not None and seeds is not None:
        if kind != "random":
            raise ValueError(f"a nested batch takes plain luck, not `{kind}`; leave one of them out")
        if draws < 1 or seeds < 2:
            raise ValueError(
                "a nested batch needs at least 1 draw and 2 seeds to tell chance from knowledge"
            )
        return Sampling().extended(draws, seeds)
    if kind not in KINDS:
        raise ValueError(f"there is no luck `{kind}`; there are {', '.join(KINDS)}")
    return Sampling(kind, 0 if kind == "random" else DEFAULT_BLOCK)
