"""The schema of a scenario: frozen records whose field strings are the user's documentation."""

from sim.scenario.schema.conditions import Condition, Milestone, PhaseTrack
from sim.scenario.schema.elements import (
    Commodity,
    CommonCause,
    Element,
)
from sim.scenario.schema.fields import Record, Ref
from sim.scenario.schema.fleet import Family, Pad, Programme, SlipClass, Vehicle
from sim.scenario.schema.missions import Delay, Link, Mission
from sim.scenario.schema.scenario import FileKeys, Pattern, Scenario, SweepAxis
from sim.scenario.schema.station import Station

__all__ = [
    "Commodity",
    "CommonCause",
    "Condition",
    "Delay",
    "Element",
    "Family",
    "FileKeys",
    "Link",
    "Milestone",
    "Mission",
    "Pad",
    "Pattern",
    "PhaseTrack",
    "Programme",
    "Record",
    "Ref",
    "Scenario",
    "SlipClass",
    "Station",
    "SweepAxis",
    "Vehicle",
]
