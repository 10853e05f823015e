"""The station: its site and light, its power rules, and what is expected of it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.schema.conditions import Condition
from sim.scenario.schema.elements import Efficiency
from sim.scenario.schema.fields import (
    Day,
    NotNegative,
    Number,
    Positive,
    Record,
    Share,
)
from sim.terms import LoadClassLabel

MEASURED_HORIZONS = Literal["connecting-ridge", "peak-near-shackleton", "de-gerlache-rim-2"]


class DeclaredLight(Record):
    """Light and darkness in turn, at equal intervals."""

    first_dawn: Day
    """The day on which one light spell begins."""
    period_days: Positive
    """From one dawn to the next [d]."""
    lit_days: NotNegative
    """How long each light spell lasts [d]."""

    @model_validator(mode="after")
    def _shorter_than_period(self) -> Self:
        if self.lit_days > self.period_days:
            raise PydanticCustomError("light", "`lit_days` must not exceed `period_days`")
        return self


class Site(Record):
    """Where the station stands: its light comes from the Sun against the horizon."""

    latitude_deg: Annotated[float, Field(ge=-90, le=90, strict=True)]
    """Latitude, south negative [deg]."""
    longitude_deg: Annotated[float, Field(ge=-360, le=360, strict=True)]
    """Longitude, east positive [deg]."""
    mast_height_m: Annotated[float, Field(ge=0, le=100, strict=True)] = 10.0
    """Height of the panels above the ground [m]; measured horizons know 2 to 10 m."""
    measured_horizon: MEASURED_HORIZONS | None = None
    """One of the shipped horizons, ray-traced from laser altimetry."""
    mask: tuple[tuple[Number, Number], ...] = ()
    """A horizon of one's own: pairs of azimuth, clockwise from north, and elevation [deg]."""
    dip_deg: NotNegative = 0.0
    """Without another horizon: how far a flat one lies below the horizontal [deg]."""
    mean_lit_share: Share | None = None
    """Published share of the time in which the site is lit [-]: the horizon is shifted until it gives
    this share. A distribution says how well the site is known; each replication has its own."""

    @model_validator(mode="after")
    def _one_horizon(self) -> Self:
        if self.measured_horizon and self.mask:
            raise PydanticCustomError("horizon", "give either `measured_horizon` or `mask`")
        return self


class Radiation(Record):
    """What people take up, and how much is allowed."""

    surface_msv_per_day: NotNegative
    """Dose equivalent at the station [mSv/d]."""
    transit_msv_per_day: NotNegative = 0.0
    """Dose equivalent on the way [mSv/d]."""
    limit_msv: Positive
    """What one person may take up in a mission [mSv]; a stay is cut to it."""


class Function(Record):
    """Something that the station is there for."""

    title: str
    """Name in tables and plots."""
    when: Condition
    """The condition under which the station performs it."""


class Station(Record):
    """The site, and what holds for all that stands there."""

    name: str
    """Name in tables and plots."""
    site: Site | None = None
    """Where it stands; or declare its light."""
    light: DeclaredLight | None = None
    """Light by declaration, without a sky."""
    distribution_efficiency: Efficiency = 1.0
    """Share of the generated power that reaches the loads and the storage [-]."""
    storage_serves: LoadClassLabel = "isru"
    """The lowest class of loads that storage is used for; those below live on generation alone."""
    extra_load_kw: NotNegative = 0.0
    """A load of class `operations` beside the elements [kW], for capacity credits. It comes with the first
    power that holds through the dark (continuous power above 0), and stays."""
    crew_load_kw: NotNegative
    """Power that each person takes, class `crew-safety` [kW]."""
    crew_safety_tolerance_hours: NotNegative = 24.0
    """How long people stay while power for crew safety is short [h]."""
    radiation: Radiation | None = None
    """Dose of the people; none: not counted."""
    silence: Day | None = None
    """From this day nothing is launched any more: how long does the station live alone?"""
    functions: dict[str, Function] = {}
    """What the station is there for; the first loss of each is measured from `silence`, or else from the
    last delivery."""

    @model_validator(mode="after")
    def _one_light(self) -> Self:
        if (self.site is None) == (self.light is None):
            raise PydanticCustomError("light", "give either `site` or `light`")
        return self
