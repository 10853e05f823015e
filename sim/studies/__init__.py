"""Studies: questions that take runs of their own, each answered by one verb.

=====================  ===============================================================================
`counterfactuals`      what would have changed a date, one change at a time
`levers`               which policy helps most, with a guarantee of the ranking
`partner_dependency`   what the exit of each partner costs
`drivers`              what drives the dates: tornado, rank correlations, Sobol indices, regions
`assumption_register`  what each number that is held fixed does to the dates, one at a time
`crew_loss`            how likely the loss of a crew is, by importance sampling
`capacity_credit`      how much more load more units carry, at the same reliability
`hindcast`             what the simulator would have said from the past, and how right it would have been
`cross_validate`       each mission of the record forecast from the others
`calibrated`           the fits to the record (`read_record`) that scenarios take their classes from
=====================  ===============================================================================

`Variation` is a named change, as `counterfactuals` and `levers` take it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOMES = {
    "CapacityCredit": "sim.studies.credit",
    "Counterfactuals": "sim.analysis.effects",
    "Drivers": "sim.analysis.driven",
    "Hindcast": "sim.analysis.hindcast",
    "Levers": "sim.analysis.effects",
    "PartnerDependency": "sim.analysis.effects",
    "RareEvent": "sim.analysis.rare",
    "Register": "sim.analysis.register",
    "Variation": "sim.scenario.variation",
    "assumption_register": "sim.studies.register",
    "calibrated": "sim.analysis.calibration",
    "capacity_credit": "sim.studies.credit",
    "counterfactuals": "sim.studies.whatif",
    "crew_loss": "sim.studies.sensitivity",
    "cross_validate": "sim.analysis.hindcast",
    "drivers": "sim.studies.sensitivity",
    "hindcast": "sim.studies.past",
    "levers": "sim.studies.whatif",
    "partner_dependency": "sim.studies.whatif",
    "read_record": "sim.evidence.record",
}

__all__ = list(_HOMES)

if TYPE_CHECKING:
    from sim.analysis.calibration import calibrated as calibrated
    from sim.analysis.driven import Drivers as Drivers
    from sim.analysis.effects import Counterfactuals as Counterfactuals
    from sim.analysis.effects import Levers as Levers
    from sim.analysis.effects import PartnerDependency as PartnerDependency
    from sim.analysis.hindcast import Hindcast as Hindcast
    from sim.analysis.hindcast import cross_validate as cross_validate
    from sim.analysis.rare import RareEvent as RareEvent
    from sim.analysis.register import Register as Register
    from sim.evidence.record import read_record as read_record
    from sim.scenario.variation import Variation as Variation
    from sim.studies.credit import CapacityCredit as CapacityCredit
    from sim.studies.credit import capacity_credit as capacity_credit
    from sim.studies.past import hindcast as hindcast
    from sim.studies.register import assumption_register as assumption_register
    from sim.studies.sensitivity import crew_loss as crew_loss
    from sim.studies.sensitivity import drivers as drivers
    from sim.studies.whatif import counterfactuals as counterfactuals
    from sim.studies.whatif import levers as levers
    from sim.studies.whatif import partner_dependency as partner_dependency


def __getattr__(name: str) -> Any:
    """Load a name when it is first used."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim.studies' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
