"""Elements: what missions bring to the station, how it works, fails and is repaired."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.nature.distributions import Distribution
from sim.scenario.schema.fields import (
    Count,
    Duration,
    Flag,
    NotNegative,
    Positive,
    Probability,
    Record,
    Ref,
)
from sim.terms import GenerationLabel, LoadClassLabel, RepairerLabel, RoleLabel

Efficiency = Annotated[float, Field(gt=0, le=1, strict=True)]


class Failure(Record):
    """How an element fails, and who puts it right."""

    years: Duration
    """Time to failure while it is up, from each start anew [years]."""
    repair_days: dict[RepairerLabel, Duration] = {}
    """Who can repair it, and how long each takes [d]: `itself` (an outage that ends without help),
    a `rover` that services others, the `crew`, or the next `delivery` to the station (a replacement).
    Empty: it stays down for good."""
    spares: dict[Annotated[str, Ref("commodities")], Positive] = {}
    """What a repair by rover or crew takes from the stock, in units of the commodity."""


class Production(Record):
    """What an element makes of the energy that it is served."""

    commodity: Annotated[str, Ref("commodities")]
    """What it makes."""
    kwh_per_unit: Positive
    """Energy for one unit of the commodity [kWh]."""


class Element(Record):
    """Something that a mission brings and that works for the station after commissioning."""

    name: str
    """Name in tables and plots."""
    role: RoleLabel
    """What it is for."""
    mass_kg: NotNegative = 0.0
    """Mass [kg]; for the record, it has no effect."""
    generation: GenerationLabel | None = None
    """How a source makes power: `solar` (in light only), `fission` or `radioisotope`."""
    capacity_kw: NotNegative = 0.0
    """Rated electric power of a source when new [kW]."""
    lit_factor: Probability = 1.0
    """Share of the rated power in light [-]."""
    dark_factor: Probability | None = None
    """Share of the rated power in darkness [-]; by default 0 for `solar`, else 1."""
    usable_kwh: NotNegative = 0.0
    """Energy that a storage can give from full when new [kWh]."""
    charge_kw: NotNegative | None = None
    """Largest power that a storage can take [kW]; none means no limit."""
    discharge_kw: NotNegative | None = None
    """Largest power that a storage can give [kW]; none means no limit."""
    round_trip_efficiency: Efficiency = 1.0
    """Energy that a storage gives back of what it took [-]; half of the loss each way."""
    decline_per_year: Probability = 0.0
    """Share of its output, or of the energy it can hold, that each year takes away [1/year]."""
    dust_loss_per_landing: Probability = 0.0
    """Share of its output that each landing at the station takes away [-]."""
    load_lit_kw: NotNegative = 0.0
    """Power it takes in light [kW]."""
    load_dark_kw: NotNegative | None = None
    """Power it takes in darkness [kW]; by default as in light."""
    load_class: LoadClassLabel = "operations"
    """How important its load is: of too little power the lowest class is shed first."""
    survival_kw: NotNegative = 0.0
    """Power that keeps it alive, beside its load, of class `keep-alive` [kW]."""
    survives_unpowered_hours: NotNegative | None = None
    """How long it lives without the power that keeps it alive, or, if it has none of its own, without its
    full load [h]; then it is lost. None: for ever."""
    works_probability: Probability = 1.0
    """Probability that it works once it is there (deployment, first power) [-]."""
    start_up_days: Duration = Distribution(fixed=0.0)
    """From commissioning, and from each repair, until it works [d]."""
    life_years: Duration = Distribution(fixed=1000.0)
    """From commissioning to the end of its life [years]."""
    failure: Failure | None = None
    """How it fails and is repaired; none: it works until the end of its life."""
    common_causes: tuple[Annotated[str, Ref("common_causes")], ...] = ()
    """What makes it fail together with others."""
    services: Flag = False
    """True: while it is up and powered it repairs others, one at a time."""
    berths: Count = 0
    """People who can live in it."""
    astronomy: Flag = False
    """True: its powered hours count as hours of astronomy."""
    produces: Production | None = None
    """What it makes of the energy that it is served."""

    @model_validator(mode="after")
    def _fits_its_role(self) -> Self:
        if self.capacity_kw and self.role != "source":
            raise PydanticCustomError("role", "`capacity_kw` belongs to the role `source`")
        if self.usable_kwh and self.role != "storage":
            raise PydanticCustomError("role", "`usable_kwh` belongs to the role `storage`")
        if self.capacity_kw and self.generation is None:
            raise PydanticCustomError(
                "generation", "a source needs `generation`: `solar`, `fission` or `radioisotope`"
            )
        if self.common_causes and self.failure is None:
            raise PydanticCustomError("common_causes", "`common_causes` needs `failure`, with its repair")
        return self


class CommonCause(Record):
    """Something that makes all elements that name it fail at once."""

    name: str
    """Name in tables and plots."""
    years: Duration
    """From the data date to the first time, and from each time to the next [years]."""


class Commodity(Record):
    """Something kept in store at the station: consumables, spares, oxygen, printed mass."""

    name: str
    """Name in tables and plots."""
    unit: str = "kg"
    """Unit of its amounts."""
    initial: NotNegative = 0.0
    """In store at the data date [unit]."""
    per_crew_day: NotNegative = 0.0
    """What a person uses a day [unit/d]."""
    recovery: Probability = 0.0
    """Share of the use that is recovered (closure of the loop) [-]."""
    vital: Flag = False
    """True: people cannot stay without it."""
    return_reserve_days: NotNegative = 0.0
    """Of a vital commodity: a crew leaves when the store lasts only so long [d]."""
