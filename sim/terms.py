"""Every enumeration of the model once: numbers in saved results, labels in tables, titles in plots.

A label is the spelling in scenario files and tables; a title is what a person reads; the number is what
results hold, so numbers never change and new members come last.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Literal


class Term(IntEnum):
    """One of a fixed list of things, with what it is called."""

    title: str

    def __new__(cls, number: int, title: str = "") -> Term:
        """Make a member from its number and its title."""
        member = int.__new__(cls, number)
        member._value_ = number
        member.title = title
        return member

    @property
    def label(self) -> str:
        """Spelling in scenario files, tables and saved results."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def labels(cls) -> tuple[str, ...]:
        """List all labels, in the order of their numbers."""
        return tuple(member.label for member in cls)

    @classmethod
    def titles(cls) -> dict[str, str]:
        """Map all labels to their titles."""
        return {member.label: member.title for member in cls}


class Status(Term):
    """How a mission ended, or where it stands at the horizon."""

    WAITING = 0, "Waiting"
    SUCCESS = 1, "Success"
    LAUNCH_FAILURE = 2, "Launch failure"
    LANDING_FAILURE = 3, "Landing failure"
    CANCELLED = 4, "Cancelled"
    UNDERWAY = 5, "Under way"
    STANDBY = 6, "Not called"
    CREW_LOST = 7, "Crew lost"


class Cause(Term):
    """What a mission spends its time on."""

    DEVELOPMENT = 0, "Development as planned"
    SLIP = 1, "Slip of the plan"
    DELAY = 2, "Delay by the scenario"
    SHOCK = 3, "Setback of the programme"
    PREDECESSOR = 4, "Waiting for a predecessor's date or lag"
    GATE = 5, "Waiting for a gate"
    BUDGET = 6, "Launches of the year used up"
    VEHICLE = 7, "Waiting for a launch vehicle"
    PAD = 8, "Waiting for a launch pad"
    STAND_DOWN = 9, "Stand-down after a failure"
    WINDOW = 10, "Waiting for a window"
    SCRUB = 11, "Scrubbed launches"
    TRANSIT = 12, "Transit"
    COMMISSIONING = 13, "Commissioning"
    STAY = 14, "Stay of a crew"
    JOURNEY_HOME = 15, "Journey home"
    SPARE = 16, "Making the spare ready after a loss"
    REBUILD = 17, "Building anew after a loss"
    HOLD = 18, "Must have held for a time"
    STANDBY = 19, "Waiting to be called as fallback"
    CALENDAR = 20, "The calendar"
    ELEMENTS = 21, "Elements: start-up, failure, repair"


class Fate(Term):
    """What became of an element."""

    NEVER_CAME = 0, "Never came"
    WORKING = 1, "Working"
    DOWN = 2, "Down"
    WORN_OUT = 3, "Worn out"
    FROZEN = 4, "Frozen"
    NEVER_WORKED = 5, "Never worked"
    BROKEN = 6, "Broken"


class StayEnd(Term):
    """Why a stay ended; of two reasons at one moment the lower counts."""

    NO_STAY = 0, "No stay"
    PLANNED = 1, "As planned"
    DOSE = 2, "Dose"
    MEDICAL = 3, "Medical"
    POWER = 4, "Power"
    HABITAT = 5, "Habitat"
    CONSUMABLES = 6, "Consumables"
    LOST = 7, "Crew lost"


class ForcedOutcome(Term):
    """An outcome that the scenario sets, or leaves to the draw."""

    DRAWN = -1, "Drawn"
    FAILURE = 0, "Failure"
    SUCCESS = 1, "Success"


class NodeKind(Term):
    """What a node of the condition network compares."""

    LEVEL = 0, "Level"
    DATE = 1, "Date"
    COUNT = 2, "Count"
    HOLD = 3, "Hold"


class BoardLevel(Term):
    """Levels of the board that conditions compare; those of single rows follow these."""

    INSTALLED_KW = 0, "Installed power"
    CONTINUOUS_KW = 1, "Continuous power"
    FIRM_KW = 2, "Firm power"
    LANDED_MASS_KG = 3, "Landed mass"
    CREW = 4, "Crew"
    CREW_VISITS = 5, "Crew visits"
    FREE_BERTHS = 6, "Free berths"
    FIRST_ROLE = 7, "Working elements of the first role"


class Role(Term):
    """What an element is for."""

    SOURCE = 0, "Power source"
    STORAGE = 1, "Storage"
    RELAY = 2, "Relay"
    HABITAT = 3, "Habitat"
    ROVER = 4, "Rover"
    ISRU = 5, "Resource use"
    SCIENCE = 6, "Science"
    COMMAND = 7, "Command"
    REFUGE = 8, "Refuge"
    LOAD = 9, "Load"


class LoadClass(Term):
    """Classes of electrical loads, the most important first; the last is shed first."""

    CREW_SAFETY = 0, "Crew safety"
    KEEP_ALIVE = 1, "Keep-alive"
    OPERATIONS = 2, "Operations"
    SCIENCE = 3, "Science"
    ISRU = 4, "Resource use"


class Generation(Term):
    """Kinds of power sources."""

    SOLAR = 0, "Solar"
    FISSION = 1, "Fission"
    RADIOISOTOPE = 2, "Radioisotope"


class Repairer(Term):
    """Who can repair an element."""

    ITSELF = 0, "Itself"
    ROVER = 1, "Rover"
    CREW = 2, "Crew"
    DELIVERY = 3, "Delivery"


class Stage(Term):
    """Stages of crewed missions, in the order in which stays grow."""

    DEMONSTRATION = 0, "Demonstration"
    SORTIE = 1, "Sortie"
    EXTENDED = 2, "Extended stay"
    ROTATION = 3, "Rotation"


if TYPE_CHECKING:
    RoleLabel = str
    LoadClassLabel = str
    GenerationLabel = str
    RepairerLabel = str
    StageLabel = str
else:  # what a scenario file may say: a closed list that pydantic checks, written once above
    RoleLabel = Literal[Role.labels()]
    LoadClassLabel = Literal[LoadClass.labels()]
    GenerationLabel = Literal[Generation.labels()]
    RepairerLabel = Literal[Repairer.labels()]
    StageLabel = Literal[Stage.labels()]

ROLES = Role.labels()
LOAD_CLASSES = LoadClass.labels()
GENERATIONS = Generation.labels()
REPAIRERS = Repairer.labels()
STAGES = Stage.labels()
