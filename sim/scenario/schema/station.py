"""The station: its site and its elements."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from sim.nature.distributions import Distribution
from sim.scenario.schema.conditions import Role
from sim.scenario.schema.fields import (
    Duration,
    NotNegative,
    Positive,
    Probability,
    Record,
)

LoadClass = Literal["crew-safety", "keep-alive", "operations", "science", "isru"]
LOAD_CLASSES: tuple[str, ...] = ("crew-safety", "keep-alive", "operations", "science", "isru")


class Element(Record):
    """Something that a mission brings and that works for the station after commissioning."""

    name: str
    """Name in tables and plots."""
    role: Role
    """What it is for."""
    capacity_kw: NotNegative = 0.0
    """Rated electric power of a source [kW]."""
    lit_factor: Probability = 1.0
    """Share of the rated power in light [-]."""
    dark_factor: Probability = 1.0
    """Share of the rated power in darkness [-]."""
    usable_kwh: NotNegative = 0.0
    """Energy that a storage can give from full [kWh]."""
    discharge_kw: NotNegative | None = None
    """Largest power that a storage can give [kW]; none means no limit."""
    load_lit_kw: NotNegative = 0.0
    """Power it takes in light [kW]."""
    load_dark_kw: NotNegative | None = None
    """Power it takes in darkness [kW]; by default as in light."""
    load_class: LoadClass = "operations"
    """How important its load is."""
    life_years: Duration = Distribution(fixed=1000.0)
    """From commissioning to the end of its life [years]."""

    @model_validator(mode="after")
    def _fits_its_role(self) -> Self:
        if self.capacity_kw and self.role != "source":
            raise PydanticCustomError("role", "`capacity_kw` belongs to the role `source`")
        if self.usable_kwh and self.role != "storage":
            raise PydanticCustomError("role", "`usable_kwh` belongs to the role `storage`")
        return self


class Station(Record):
    """The site, and what people need there."""

    name: str
    """Name in tables and plots."""
    longest_darkness_days: Positive
    """Longest darkness that firm power must last through [d]."""
    lit_share: Probability
    """Share of the time in which the site is lit [-]."""
    crew_load_kw: NotNegative
    """Power that each person takes, beside the elements [kW]."""
