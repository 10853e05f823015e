"""The sky of a replication: which of the station's skies it has, and the darkness ahead."""

from __future__ import annotations

from bisect import bisect_right

from sim.scenario.campaign import Campaign
from sim.scenario.station_rows import SkyRow


def sky_number(campaign: Campaign, values: list[float]) -> int:
    """Which of the station's skies a replication has."""
    skies = len(campaign.station.skies)
    return min(int(values[campaign.station.sky] * skies), skies - 1)


def darkest_ahead(sky: SkyRow, day: float) -> float:
    """The longest darkness in progress or within the polar year ahead [h]."""
    return sky.darkest_hours[bisect_right(sky.darkest_from, day) - 1]
