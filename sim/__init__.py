"""ILRS-Sim: a discrete-event Monte Carlo simulator of the International Lunar Research Station.

Five lines to a first answer::

    import sim

    results = sim.run(["baseline", "luna-slips"], n=200)
    results.milestones()
    sim.plots.probability_by_date(results, "crewed-landing")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Drivers": "sim.analysis.driven",
    "CapacityCredit": "sim.credit",
    "Draft": "sim.scenario.draft",
    "Future": "sim.analysis.future",
    "Results": "sim.analysis.results",
    "ResultsError": "sim.batch.store",
    "calibrated": "sim.analysis.calibration",
    "cross_validate": "sim.analysis.hindcast",
    "hindcast": "sim.api",
    "read_record": "sim.nature.record",
    "ScenarioError": "sim.scenario.problems",
    "crew_loss": "sim.api",
    "drivers": "sim.api",
    "explore": "sim.exploring",
    "Variation": "sim.scenario.variation",
    "counterfactuals": "sim.whatif",
    "levers": "sim.whatif",
    "capacity_credit": "sim.credit",
    "demo": "sim.api",
    "load_scenario": "sim.scenario.load",
    "open_results": "sim.analysis.results",
    "partner_dependency": "sim.whatif",
    "run": "sim.api",
    "scenario": "sim.api",
    "shipped_scenarios": "sim.api",
    "trace": "sim.api",
}

__all__ = ["__version__", "plots", *_HOMES]

if TYPE_CHECKING:
    from sim import plots as plots
    from sim.analysis.calibration import calibrated as calibrated
    from sim.analysis.driven import Drivers as Drivers
    from sim.analysis.future import Future as Future
    from sim.analysis.hindcast import cross_validate as cross_validate
    from sim.analysis.results import Results as Results
    from sim.analysis.results import open_results as open_results
    from sim.api import crew_loss as crew_loss
    from sim.api import demo as demo
    from sim.api import drivers as drivers
    from sim.api import hindcast as hindcast
    from sim.api import run as run
    from sim.api import scenario as scenario
    from sim.api import shipped_scenarios as shipped_scenarios
    from sim.api import trace as trace
    from sim.batch.store import ResultsError as ResultsError
    from sim.credit import CapacityCredit as CapacityCredit
    from sim.credit import capacity_credit as capacity_credit
    from sim.exploring import explore as explore
    from sim.nature.record import read_record as read_record
    from sim.scenario.draft import Draft as Draft
    from sim.scenario.load import load_scenario as load_scenario
    from sim.scenario.problems import ScenarioError as ScenarioError
    from sim.scenario.variation import Variation as Variation
    from sim.whatif import counterfactuals as counterfactuals
    from sim.whatif import levers as levers
    from sim.whatif import partner_dependency as partner_dependency


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that the start costs nothing."""
    if name == "plots":
        return import_module("sim.plots")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
