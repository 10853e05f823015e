"""Small stations for tests: elements that stand there from the data date on, under a declared light.

As in `tests.campaigns` a test says only what it is about: elements live for ever, do not fail, and are
there on day 0. The light is that of the small campaigns: 15 days of light, 5 of darkness, from day 0 on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.links import Links
from sim.model.replicate import begin
from sim.model.series import series_names
from sim.model.supply import Stretch
from sim.model.variates import Variates
from sim.model.world import Record, World
from sim.nature.luck import Luck
from sim.terms import Fate
from tests.campaigns import Address, Future, campaign_of, day, flown, future_of, mission

YEAR = 365.25
ALWAYS = {"first_dawn": day(0), "period_days": 20, "lit_days": 20}
NEVER = {"first_dawn": day(0), "period_days": 20, "lit_days": 0}
ENERGY = ("generated", "served", "stored", "lost", "curtailed", "unserved")


def solar(kw: float, **more: Any) -> dict[str, Any]:
    return {"name": "Solar", "role": "source", "generation": "solar", "capacity_kw": kw, **more}


def reactor(kw: float, **more: Any) -> dict[str, Any]:
    return {"name": "Reactor", "role": "source", "generation": "fission", "capacity_kw": kw, **more}


def battery(kwh: float, **more: Any) -> dict[str, Any]:
    return {"name": "Battery", "role": "storage", "usable_kwh": kwh, **more}


def load(kw: float, load_class: str = "operations", **more: Any) -> dict[str, Any]:
    return {"name": "Load", "role": "load", "load_lit_kw": kw, "load_class": load_class, **more}


def here(elements: Mapping[str, int], **more: Any) -> dict[str, Any]:
    """Describe a mission that landed its elements at the station on the data date."""
    return flown(-10, landing=0, destination="station", elements=dict(elements), **more)


def bring(planned: int, elements: Mapping[str, int], **more: Any) -> dict[str, Any]:
    """Describe a mission that lands elements at the station ten days after the planned launch."""
    return mission(planned, **({"destination": "station", "elements": dict(elements)} | more))


def crewed(planned: int, size: int = 2, stay: float = 30, **more: Any) -> dict[str, Any]:
    """Describe a crew that lands at the station ten days after the planned launch."""
    crew = {"size": size, "stay_days": stay, "return_days": 5} | more.pop("crew", {})
    return mission(planned, **({"destination": "station", "family": "lander", "crew": crew} | more))


def standing(
    elements: Mapping[str, Mapping[str, Any]],
    counts: Mapping[str, int] = {},
    *,
    missions: Mapping[str, Any] = {},
    luck: Mapping[Address, float] = {},
    site: Mapping[str, Any] = {},
    **tables: Any,
) -> Future:
    """Run a station of which one of each element stands there, or as many as `counts` says.

    Args:
        elements: kinds of elements.
        counts: how many of each stand there on day 0, brought by the mission ``o``; 0 for none.
        missions: others beside ``o``.
        luck: as for `future_of`.
        site: what differs from the default station.
        tables: as for `future_of`.
    """
    there = {name: counts.get(name, 1) for name in elements}
    past = here({name: count for name, count in there.items() if count})
    tables = {"horizon": day(100), **tables}
    return future_of({"o": past, **missions}, elements=elements, station=site, luck=luck, **tables)


def series(future: Future, name: str) -> NDArray[np.float64]:
    """Mean of a series over each month."""
    assert future.outcome.series is not None
    return future.outcome.series[series_names(future.campaign).index(name)]


def energy(future: Future) -> dict[str, float]:
    """Energy totals by name [kWh]."""
    return dict(zip(ENERGY, future.outcome.energy_kwh.tolist(), strict=True))


def fates(future: Future) -> list[Fate]:
    """What became of each element, in the order of the missions."""
    return [Fate(int(fate)) for fate in future.outcome.unit_fate]


def happened(future: Future, what: str) -> list[tuple[float, str]]:
    """Day and detail of everything of one kind that happened, in order."""
    return [(item.day, item.detail) for item in future.outcome.log or [] if item.what == what]


def flows(
    elements: Mapping[str, Mapping[str, Any]],
    counts: Mapping[str, int] = {},
    *,
    until: int = 40,
    missions: Mapping[str, Any] = {},
    site: Mapping[str, Any] = {},
    **tables: Any,
) -> list[Stretch]:
    """Run a station as `standing` does, and give all that flowed, with no stretch of no length."""
    there = {name: counts.get(name, 1) for name in elements}
    past = here({name: count for name, count in there.items() if count})
    tables = {"horizon": day(until), "elements": elements, "station": site, **tables}
    campaign = campaign_of({"o": past, **missions}, **tables)
    world = World(campaign, Variates(campaign, Luck(1)).hand(0), Record(series=False))
    begin(world, Links(world))
    world.clock.run(until=campaign.horizon_days)
    stretches = world.station.supply.stretches
    following = [*(stretch.day for stretch in stretches[1:]), campaign.horizon_days]
    return [stretch for stretch, end in zip(stretches, following, strict=True) if end > stretch.day]
