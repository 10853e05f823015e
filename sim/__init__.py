"""ILRS-Sim: a discrete-event Monte Carlo simulator of the International Lunar Research Station.

Five lines to a first answer::

    import sim

    results = sim.run(["baseline", "luna-slips"], n=200)
    results.milestones()
    sim.plots.probability_by_date(results, "crewed-landing")

The names below are the stable core; `sim.studies` holds the questions that take runs of their own.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Draft": "sim.scenario.draft",
    "Future": "sim.analysis.future",
    "Results": "sim.analysis.results",
    "ResultsError": "sim.batch.store",
    "ScenarioError": "sim.scenario.problems",
    "demo": "sim.api",
    "explore": "sim.exploring",
    "open_results": "sim.analysis.results",
    "run": "sim.api",
    "scenario": "sim.api",
    "shipped_scenarios": "sim.api",
    "trace": "sim.api",
}
_ROOMS = ("plots", "studies")

__all__ = ["__version__", *_ROOMS, *_HOMES]

if TYPE_CHECKING:
    from sim import plots as plots
    from sim import studies as studies
    from sim.analysis.future import Future as Future
    from sim.analysis.results import Results as Results
    from sim.analysis.results import open_results as open_results
    from sim.api import demo as demo
    from sim.api import run as run
    from sim.api import scenario as scenario
    from sim.api import shipped_scenarios as shipped_scenarios
    from sim.api import trace as trace
    from sim.batch.store import ResultsError as ResultsError
    from sim.exploring import explore as explore
    from sim.scenario.draft import Draft as Draft
    from sim.scenario.problems import ScenarioError as ScenarioError


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that the start costs nothing."""
    if name in _ROOMS:
        return import_module(f"sim.{name}")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    hint = ""
    if not name.startswith("_") and name in import_module("sim.studies").__all__:
        hint = f"; it is sim.studies.{name}"
    raise AttributeError(f"module 'sim' has no attribute {name!r}{hint}")


def __dir__() -> list[str]:
    return sorted(__all__)
