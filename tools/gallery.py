"""The gallery of the documentation: an example of every public plot and the lines on how to read it.

The page is made from the docstrings (``python -m tools.gallery > docs/gallery.md``), the pictures by
``make gallery``.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import NamedTuple

from sim import plots
from sim.cli.picturing import kinds
from tools.reference.library import public_plots
from tools.reference.markdown import block, page

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
HOW = "How to read it:"


class Example(NamedTuple):
    """How the example of a plot is made.

    Attributes:
        of: the material it is drawn from, an attribute of `tools.make_gallery.Materials`.
        how: further arguments.
    """

    of: str
    how: dict[str, str]


def of(material: str, **how: str) -> Example:
    """Say what an example is drawn from."""
    return Example(material, how)


EXAMPLES: dict[str, dict[str, Example]] = {
    "When": {
        "probability_by_date": of("results", milestone="luna-27-landing"),
        "gantt": of("results"),
        "slips": of("results"),
        "mission_outcomes": of("results"),
        "differences": of("results"),
        "precision": of("results", milestone="crewed-landing"),
        "sweep_curves": of("sweep", milestone="station-visit"),
        "sweep_map": of("sweep", milestone="station-visit"),
    },
    "Why": {
        "waterfall": of("results", milestone="crewed-landing"),
        "path_diagram": of("results", milestone="crewed-landing"),
        "delay_by_cause": of("results", milestone="luna-27-landing"),
        "waterfall_of_difference": of("results", milestone="luna-27-landing"),
        "counterfactuals": of("counterfactuals"),
        "partner_dependency": of("partners"),
        "levers": of("levers"),
    },
    "The station": {
        "capability": of("results"),
        "landed_mass": of("results"),
        "power": of("results"),
        "power_by_source": of("results"),
        "power_margin": of("results"),
        "shortfall_heat": of("results"),
        "element_survival": of("results"),
        "function_survival": of("silent"),
        "stock": of("results"),
    },
    "People": {
        "gate_bars": of("results"),
        "people_at_station": of("results"),
        "phase_ribbon": of("results", track="presence"),
    },
    "One future": {
        "station_of_future": of("future"),
        "gantt_of_future": of("future"),
        "state_of_charge": of("future"),
    },
    "What is not known": {
        "uncertainty": of("nested"),
        "dependence": of("results"),
        "tornado": of("drivers", milestone="crewed-landing"),
        "rank_correlations": of("drivers", milestone="crewed-landing"),
        "sobol_indices": of("drivers", milestone="crewed-landing"),
        "failure_regions": of("drivers", milestone="station-visit"),
    },
    "The record, and forecasts from the past": {
        "fitted_growth": of("fits"),
        "fitted_stand_downs": of("fits"),
        "landing_success": of("fits"),
        "launch_success": of("fits"),
        "weak_evidence": of("fits"),
        "forecast_against_fact": of("scored", data_date="2021-01-01"),
        "interval_calibration": of("scored"),
        "pit": of("scored"),
        "receding_plan": of("scored"),
    },
}

MADE_BY = {
    "results": 'results = sim.run(["baseline", "luna-slips"], n=200, record="paths")',
    "sweep": 'sweep = sim.run("luna-and-reactor-sweep", n=60)',
    "silent": 'silent = sim.run("silence-2045", n=100)',
    "nested": 'nested = sim.run("baseline", draws=60, seeds=8)',
    "future": 'future = sim.trace("baseline", 11)',
    "counterfactuals": 'counterfactuals = sim.studies.counterfactuals("baseline", "crewed-landing")',
    "partners": 'partners = sim.studies.partner_dependency("baseline", years=[2030, 2035])',
    "levers": 'levers = sim.studies.levers("baseline", "station-visit")',
    "drivers": 'drivers = sim.studies.drivers("baseline", n=400, tornado=60, sobol=32)',
    "fits": "fits = sim.studies.calibrated()",
    "scored": "scored = sim.studies.hindcast(n=100).scored",
}
"""How each material is made; the expression is what `make gallery` evaluates."""


def examples() -> dict[str, Example]:
    """All examples by the name of the plot."""
    return {name: example for family in EXAMPLES.values() for name, example in family.items()}


def question(name: str) -> str:
    """Give the question that a plot answers."""
    return " ".join(_paragraphs(name)[0].split())


def how_to_read(name: str) -> str:
    """Give the lines on how to read a plot; empty if its docstring has none."""
    found = [text for text in _paragraphs(name) if text.startswith(HOW)]
    words = " ".join(found[0].removeprefix(HOW).split()) if found else ""
    return words[:1].upper() + words[1:]


def _paragraphs(name: str) -> list[str]:
    return (inspect.getdoc(getattr(plots, name)) or "").split("\n\n")


def gallery_page() -> str:
    """Write the page."""
    lines = [
        "# Gallery",
        "",
        "An example of every plot of `sim.plots`, with the question it answers and how to read it. The "
        "examples stand on few replications, to show the form; quote nothing from them.",
        "",
    ]
    missing = [name for name in public_plots() if name not in examples()]
    families = {**EXAMPLES, **({"More": {name: of("results") for name in missing}} if missing else {})}
    for family, entries in families.items():
        lines += [f"## {family}", ""]
        for name, example in entries.items():
            lines += _entry(name, example)
    lines += ["## How the examples were made", "", "<!-- not run: it takes minutes -->"]
    return page([*lines, *block("python", ["import sim", "", *MADE_BY.values()])])


def _entry(name: str, example: Example) -> list[str]:
    how = "".join(f', {key}="{value}"' for key, value in example.how.items())
    lines = [
        f"### {name}",
        "",
        f"**{question(name)}**",
        "",
        f"![{question(name)}](pictures/{name}.png)",
        "",
    ]
    lines += [how_to_read(name), "", f"`sim.plots.{name}({example.of}{how})`"]
    if (kind := name.replace("_", "-")) in kinds():
        options = "".join(f" --{key} {value}" for key, value in example.how.items() if key == "milestone")
        lines[-1] += f" or `ilrs plot results --kind {kind}{options}`"
    return [*lines, ""]


if __name__ == "__main__":
    print(gallery_page(), end="")
