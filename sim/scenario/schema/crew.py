"""People: how many, for how long, and what may happen to them."""

from __future__ import annotations

from typing import Annotated

from sim.scenario.schema.fields import (
    Duration,
    NotNegative,
    PositiveCount,
    Probability,
    Record,
    Ref,
)
from sim.terms import StageLabel


class CrewRisk(Record):
    """Probabilities of losing a crew, leg by leg."""

    launch_abort_effectiveness: Probability = 1.0
    """Probability that a crew survives a launch failure [-]."""
    descent_abort_effectiveness: Probability = 1.0
    """Probability that a crew survives a landing failure [-]."""
    stay_per_day: Probability = 0.0
    """Hazard on the surface, for the whole crew [1/d]."""
    ascent: Probability = 0.0
    """Leaving the surface and docking [-]."""
    journey_home: Probability = 0.0
    """Return and entry [-]."""


class Crew(Record):
    """The people of a crewed mission."""

    size: PositiveCount
    """People who land."""
    stay_days: Duration
    """Days on the surface [d]."""
    return_days: Duration
    """From leaving the surface to landing on Earth [d]."""
    stage: StageLabel = "sortie"
    """How far the programme has come with this crew."""
    contingency_days: NotNegative = 0.0
    """At commitment the vital commodities must last for the stay and so many days more [d]."""
    needs_berths: bool = False
    """True: at commitment the station must have a free berth for everyone."""
    return_windows: tuple[Annotated[str, Ref("windows")], ...] = ()
    """Windows that must all be open when the crew leaves; it waits for them on the surface."""
    medical_per_person_year: NotNegative = 0.0
    """Rate of illness that ends a stay [1/(person year)]."""
    risk: CrewRisk = CrewRisk()
    """Probabilities of losing the crew."""
