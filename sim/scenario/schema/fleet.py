"""Who flies and with what: programmes, slips, vehicles, lander families, pads, destinations."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.nature.distributions import Distribution
from sim.scenario.schema.fields import (
    Count,
    Day,
    Duration,
    Month,
    NotNegative,
    Positive,
    PositiveCount,
    Probability,
    Record,
    Ref,
    Share,
    Shorthand,
)
from sim.scenario.schema.reference import (
    OrReference,
    SlipReference,
    StandDownClass,
    SuccessReference,
    with_prior_numbers,
    with_slip_numbers,
)

Year = Annotated[str, Field(pattern=r"^\d{4}$")]


class SlipClass(Record):
    """How the lead of a planned launch grows: on time, or lognormal."""

    reference_class: SlipReference | None = None
    """Takes the numbers from the fit to the record of this class, such as `roscosmos` or `china`; numbers
    given beside it win. `ilrs calibrate` lists the classes."""
    on_time_probability: Probability
    """Share of plans that are kept exactly [-]."""
    median_growth: Positive
    """Median of achieved lead over planned lead, among the plans that are not kept [-]."""
    sigma: NotNegative
    """Standard deviation of the logarithm of the growth [-]."""
    median_uncertainty: NotNegative = 0.0
    """Standard error of the logarithm of the median: what the record cannot tell, drawn once per
    replication [-]."""
    lead_cap_years: Positive | None = None
    """Only this much of a long lead grows; the rest is added as planned [years]."""
    lead_floor_years: NotNegative = 0.0
    """At least this much grows, however near the planned launch is [years]."""
    lead_from: Literal["data-date", "announcement"] = "data-date"
    """What grows is the lead from the data date, or the lead from the day of the announcement; then what is
    drawn is conditional on the mission not having flown by the data date."""

    @model_validator(mode="before")
    @classmethod
    def _from_reference(cls, data: Any) -> Any:
        return with_slip_numbers(data)


class Shock(Record):
    """An event that sets back all missions of a programme that are still in development."""

    title: str
    """What happens."""
    on: Day | None = None
    """Declared date; or give `rate_per_year`."""
    rate_per_year: Positive | None = None
    """Poisson rate [1/year]; or give `on`."""
    months: Duration
    """Months added to a mission that is hit [months]."""
    hit_probability: Probability = 1.0
    """Probability that a mission still in development is hit [-]."""

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if (self.on is None) == (self.rate_per_year is None):
            raise PydanticCustomError("shock", "give either `on` or `rate_per_year`")
        return self


class Programme(Record):
    """An agency's programme: whose slips, money and will its missions share."""

    name: str
    """Name in tables and plots."""
    slip: Annotated[str, Ref("slip_classes"), OrReference]
    """Slip class of its missions, or `{reference_class: name}`."""
    slip_correlation: Probability
    """Correlation of the slips of two of its missions [-]."""
    landing_correlation: Probability = 0.0
    """Correlation of what is not known about its lander families [-]."""
    launches_per_year: PositiveCount | None = None
    """Launch budget: at most so many launches in a calendar year."""
    withdrawal: Day | None = None
    """From this day on none of its missions is launched; fallbacks take over."""
    crew_loss_stand_down_days: Duration = Distribution(fixed=0.0)
    """From the loss of a crew to its next flight with people [d]."""
    shocks: dict[str, Shock] = {}
    """Setbacks of the whole programme."""


class FlightRecord(Record):
    """Flights that were counted elsewhere than in `missions`."""

    successes: Count
    """Successful flights."""
    failures: Count
    """Failed flights."""
    until: Day
    """Missions of this scenario flown up to this day are in these counts already."""


class BetaPrior(Record):
    """What is thought of a success probability before the record: Beta(a, b)."""

    reference_class: SuccessReference | None = None
    """Takes `a` and `b` from the fit to the record of this class, such as `robotic-lander`; numbers given
    beside it win. `ilrs calibrate` lists the classes."""
    a: Positive
    """Prior successes [-]."""
    b: Positive
    """Prior failures [-]."""

    @model_validator(mode="before")
    @classmethod
    def _from_reference(cls, data: Any) -> Any:
        return with_prior_numbers(data)


class Reliable(Record):
    """Base of what can fail in flight and learns from it."""

    name: str
    """Name in tables and plots."""
    prior: BetaPrior
    """Success probability before the record."""
    record: FlightRecord | None = None
    """Flights beyond those listed in `missions`."""
    fix_effectiveness: Share
    """Share of the failure probability that disappears when the cause of a failure is found [-]."""
    learning: Share
    """Share of the failure probability that disappears with each success [-]."""
    cause_found_probability: Probability = 1.0
    """Probability that the cause of a failure is found [-]."""
    stand_down_days: Annotated[Duration, StandDownClass]
    """From a failure to the return to flight [d], or `{reference_class: name}`."""


def _rate(value: object) -> object:
    return value if isinstance(value, dict) else {"0001": value}


class Vehicle(Reliable):
    """A launch vehicle."""

    pads: Annotated[tuple[Annotated[str, Ref("pads")], ...], Field(min_length=1)]
    """Pads it can fly from; a mission uses the first, unless it names one."""
    production_per_year: Annotated[dict[Year, NotNegative], Shorthand(_rate, ("number",))]
    """Vehicles delivered for the missions of this campaign per year; a mapping gives the rate from
    each named year on [1/year]."""
    stock: Count = 0
    """Vehicles in store at the data date."""


class Family(Reliable):
    """A family of landers that share their design."""

    programme: Annotated[str, Ref("programmes")]
    """The programme that builds it."""


class Pad(Record):
    """A launch pad."""

    name: str
    """Name in tables and plots."""
    turnaround_days: NotNegative
    """From a launch until the pad can take the next one [d]."""
    count: PositiveCount = 1
    """Number of equal pads."""
    scrub_probability: Probability = 0.0
    """Probability that a launch attempt is scrubbed [-]."""
    scrub_days: NotNegative = 1.0
    """What a scrub costs [d]."""
    storm_months: tuple[Month, ...] = ()
    """Months of the storm season (1 to 12)."""
    storm_scrub_probability: Probability = 0.0
    """Probability that a launch attempt in the storm season is scrubbed [-]."""
    keeps_through_windows: bool = False
    """True: a mission that misses its window keeps the pad; false: it gives the pad up."""


class Window(Record):
    """Windows that come back at equal intervals, or that the light at the station's site opens."""

    first_open: Day | None = None
    """Opening of one window."""
    period_days: Positive | None = None
    """From one opening to the next [d]."""
    open_days: Positive | None = None
    """How long a window stays open [d]."""
    lit_days: NotNegative | None = None
    """Instead of a recurrence: open while the station's site is lit and stays so for so many days [d]."""

    @model_validator(mode="after")
    def _recurrence_or_light(self) -> Self:
        recurrence = (self.first_open, self.period_days, self.open_days)
        given = [value is not None for value in recurrence]
        if any(given) == (self.lit_days is not None) or (any(given) and not all(given)):
            raise PydanticCustomError(
                "window", "give either `first_open`, `period_days` and `open_days`, or `lit_days`"
            )
        if self.open_days and self.period_days and self.open_days > self.period_days:
            raise PydanticCustomError("window", "`open_days` must not exceed `period_days`")
        return self


class Destination(Record):
    """Where missions go."""

    name: str
    """Name in tables and plots."""
    is_station: bool = False
    """True for the site of the station: what lands here belongs to it."""
    windows: tuple[Annotated[str, Ref("windows")], ...] = ()
    """Windows that must all be open at launch; none means any day."""
    landing_windows: tuple[Annotated[str, Ref("windows")], ...] = ()
    """Windows that must all be open at landing. A mission launches so that it finds one after its transit,
    and waits for it in orbit."""
    loiter_days: NotNegative = 0.0
    """How long a mission can wait in orbit for its landing window [d]."""
    transit_days: Duration
    """From launch to landing, or to arrival in orbit [d]."""
