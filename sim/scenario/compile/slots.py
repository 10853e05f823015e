"""The list of values that a replication is given, while it is being laid out."""

from __future__ import annotations

import math

import numpy as np

from sim.nature.distributions import Distribution
from sim.scenario.campaign import Draw
from sim.scenario.station_rows import Slot

_MARGIN = 10.0  # standard deviations of a Poisson count that are provided for


class SlotList:
    """Hands out slots for constants and draws; equal constants share one."""

    def __init__(self) -> None:
        self._slots: list[Draw | float] = []
        self._constants: dict[float, Slot] = {}
        self._addresses: dict[tuple[str, int], Slot] = {}

    def constant(self, value: float) -> Slot:
        """Give the slot that holds a constant."""
        if value not in self._constants:
            self._constants[value] = self._append(float(value))
        return self._constants[value]

    def uniform(self, stream: str, index: int = 0, *, epistemic: bool = False) -> Slot:
        """Give a slot for the uniform at an address, of what we do not know or of chance.

        Raises:
            ValueError: the address is taken; two decisions must not share their luck.
        """
        return self._draw(Draw(stream, index, None, epistemic))

    def shared(self, stream: str) -> Slot:
        """Give the slot of a uniform that several rows share, the same for each that asks.

        What is shared is something about a programme or a class that we do not know: it is epistemic.
        """
        if (stream, 0) in self._addresses:
            return self._addresses[stream, 0]
        return self.uniform(stream, epistemic=True)

    def variate(
        self, stream: str, index: int, distribution: Distribution, *, epistemic: bool = False
    ) -> Slot:
        """Give a slot for a value of a distribution; a fixed one takes no luck."""
        if distribution.fixed is not None:
            return self.constant(distribution.fixed)
        return self._draw(Draw(stream, index, distribution, epistemic))

    def finish(self) -> tuple[Draw | float, ...]:
        """Give the finished list."""
        return tuple(self._slots)

    def _draw(self, draw: Draw) -> Slot:
        address = (draw.stream, draw.index)
        if address in self._addresses:
            raise ValueError(f"two draws share the address {address}")
        self._addresses[address] = self._append(draw)
        return self._addresses[address]

    def _append(self, item: Draw | float) -> Slot:
        self._slots.append(item)
        return len(self._slots) - 1


def repeats(gap: Distribution, time: float) -> int:
    """How many slots something needs that comes back after a random gap, within a time (same unit).

    The mean count and ten standard deviations of a Poisson process with the same mean gap.
    """
    shares = (np.arange(200) + 0.5) / 200
    mean = float(gap.quantile(shares).mean())
    expected = time / mean if mean > 0 else 0.0
    return math.ceil(expected + _MARGIN * math.sqrt(expected)) + 5
