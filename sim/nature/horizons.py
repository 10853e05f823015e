"""What stands between a place and the sky: horizons, as elevation [deg] over azimuth [deg].

A horizon is flat, declared (a mask of azimuths and elevations) or measured (terrain of one of the shipped
sites). NumPy is loaded only when a horizon is evaluated: naming one needs nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

_MEASURED_HEIGHTS_M = (2, 10)


class Place(NamedTuple):
    """Coordinates of a point on the Moon."""

    latitude_deg: float
    """Latitude [deg]."""
    longitude_deg: float
    """East longitude [deg]."""


MEASURED_SITES = {
    "connecting_ridge": Place(-89.53432, 209.94767),
    "peak_near_shackleton": Place(-89.01701, 126.27302),
    "de_gerlache_rim_2": Place(-88.70486, 291.66596),
}
"""The sites whose terrain horizon is shipped, and where they were measured."""


@dataclass(frozen=True)
class Flat:
    """No terrain; a place high above its surroundings sees the horizon lowered by the dip."""

    dip_deg: float = 0.0
    """How far the horizon stands below the horizontal [deg]; sqrt(2 z / R) for a height z."""

    def __post_init__(self) -> None:
        if not -90.0 < self.dip_deg < 90.0:
            raise ValueError(f"the dip of a horizon lies between -90 and 90 deg, not {self.dip_deg}")

    def elevation(self, azimuth: Floats, mast_height_m: float) -> Floats:
        """Elevation of the horizon [deg] at azimuths [deg]; the height of the mast plays no part."""
        import numpy as np

        level: Floats = np.full(np.shape(azimuth), -self.dip_deg)
        return level


@dataclass(frozen=True)
class Declared:
    """A mask: elevations at some azimuths, joined by straight lines all around."""

    points: tuple[tuple[float, float], ...]
    """Pairs of azimuth, 0 to under 360, and elevation [deg], by rising azimuth."""

    def __post_init__(self) -> None:
        if not self.points:
            raise ValueError("a declared horizon needs at least one pair of azimuth and elevation")
        azimuths = [azimuth for azimuth, _ in self.points]
        if not all(0.0 <= azimuth < 360.0 for azimuth in azimuths):
            raise ValueError("the azimuths of a horizon run from 0 to under 360 deg")
        if any(left >= right for left, right in pairwise(azimuths)):
            raise ValueError("the azimuths of a horizon must rise from pair to pair")
        if not all(-90.0 < elevation < 90.0 for _, elevation in self.points):
            raise ValueError("the elevations of a horizon lie between -90 and 90 deg")

    def elevation(self, azimuth: Floats, mast_height_m: float) -> Floats:
        """Elevation of the horizon [deg] at azimuths [deg]; the mask holds for the mast as it stands."""
        import numpy as np

        at, height = zip(*self.points, strict=True)
        mask: Floats = np.interp(azimuth, at, height, period=360.0)
        return mask


@dataclass(frozen=True)
class Measured:
    """The terrain around one of the shipped sites, known at 2 m and 10 m above the ground.

    Between these heights it is interpolated; below 2 m the horizon of 2 m holds, above 10 m that of 10 m.
    """

    name: str
    """One of `MEASURED_SITES`."""

    def __post_init__(self) -> None:
        if self.name not in MEASURED_SITES:
            raise ValueError(f"no horizon is known for {self.name!r}, only for {', '.join(MEASURED_SITES)}")

    def elevation(self, azimuth: Floats, mast_height_m: float) -> Floats:
        """Elevation of the horizon [deg] at azimuths [deg], seen from a height above the ground [m]."""
        import numpy as np

        low, high = _MEASURED_HEIGHTS_M
        share = min(max((mast_height_m - low) / (high - low), 0.0), 1.0)
        profiles = _measured_profiles()
        heights = (1.0 - share) * profiles[f"{self.name}_{low}m"] + share * profiles[f"{self.name}_{high}m"]
        return np.interp(azimuth, profiles["azimuth_deg"], heights, period=360.0)


Horizon = Flat | Declared | Measured


def dip(height_m: float) -> float:
    """Dip of the horizon [deg] of a height above a smooth Moon: sqrt(2 z / R).

    >>> round(dip(1500.0), 2)
    2.38
    """
    return math.degrees(math.sqrt(2.0 * height_m / 1_737_400.0))


@cache
def _measured_profiles() -> dict[str, Floats]:
    import numpy as np

    text = (files("sim.nature") / "data" / "horizons.csv").read_text(encoding="utf-8")
    names, *rows = (line for line in text.splitlines() if not line.startswith("#"))
    columns = np.array([row.split(",") for row in rows], dtype=np.float64).T
    return dict(zip(names.split(","), columns, strict=True))
