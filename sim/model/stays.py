"""How stays on the surface end."""

from __future__ import annotations

from enum import IntEnum


class StayEnd(IntEnum):
    """Why a stay ended; of two reasons at one moment the lower counts."""

    NO_STAY = 0
    PLANNED = 1
    DOSE = 2
    MEDICAL = 3
    POWER = 4
    HABITAT = 5
    CONSUMABLES = 6
    LOST = 7

    @property
    def label(self) -> str:
        """Name in tables and plots."""
        return self.name.lower().replace("_", "-")
