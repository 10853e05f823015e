"""Turning the main knobs of a scenario and seeing what comes of it, always on the same luck.

`explore` gives an `Explorer`: in JupyterLab it shows sliders for delays, risks, power and gates, and three
pictures that follow them; without widgets the same object is used by hand::

    e = sim.explore("baseline")
    e.set("delay luna-26", 24)
    e.results(100).milestones()
    e.figure(100)

Pictures come first from a few replications; while nothing is moved more are added, up to `most`.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import weakref
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario.compile.manifest import manifest
from sim.scenario.load import Resolved, load_scenario
from sim.scenario.schema import Condition, Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.analysis.results import Results

FIRST = 20
MOST = 320
CHANGED = "as set"
_DELAYS, _FAMILIES, _ELEMENTS = 5, 3, 4
_POWER = ("installed_power_kw", "continuous_power_kw", "firm_power_kw")


@dataclass(frozen=True)
class Lever:
    """Something to turn.

    Attributes:
        name: by which it is set.
        title: beside its slider.
        unit: of its value.
        low, high, step: of its slider.
        start: value of the scenario; there it changes nothing.
        keys: settings that it makes; ``{}`` stands for the value in their texts.
    """

    name: str
    title: str
    unit: str
    low: float
    high: float
    step: float
    start: float
    keys: Mapping[str, str] = field(default_factory=dict)

    def settings(self, value: float) -> dict[str, str]:
        """Settings, as with ``--set``, that turn it to a value; none at its start."""
        return {} if value == self.start else {key: text.format(value) for key, text in self.keys.items()}


@dataclass(frozen=True)
class Risk(Lever):
    """The mean success probability of a lander family; how sure it is stays as it was."""

    weight: float = 2.0

    def settings(self, value: float) -> dict[str, str]:
        """Settings of its prior."""
        if value == self.start:
            return {}
        (key,) = self.keys
        return {f"{key}.a": f"{value * self.weight:.6g}", f"{key}.b": f"{(1 - value) * self.weight:.6g}"}


@dataclass(frozen=True)
class Gates(Lever):
    """A factor on all power that gates ask for; `keys` are the gates as JSON."""

    def settings(self, value: float) -> dict[str, str]:
        """Settings of the gates."""
        if value == self.start:
            return {}
        return {key: json.dumps(_scaled(json.loads(text), value)) for key, text in self.keys.items()}


def _scaled(condition: Any, factor: float) -> Any:
    if isinstance(condition, list):
        return [_scaled(item, factor) for item in condition]
    if not isinstance(condition, dict):
        return condition
    return {
        key: round(value * factor, 3) if key in _POWER else _scaled(value, factor)
        for key, value in condition.items()
    }


def levers_of(scenario: Scenario) -> list[Lever]:
    """The main levers of a scenario: delays, risks, sizes of power, and gates."""
    return [*_delays(scenario), *_risks(scenario), *_sizes(scenario), *_gates(scenario)]


def _delays(scenario: Scenario) -> list[Lever]:
    """Delays of the mission of each programme that most others wait for, directly or by way of others."""
    entries, _ = manifest(scenario)
    ahead = {entry.id: entry.mission for entry in entries if entry.planned is not None}
    before: dict[str, set[str | None]] = {
        name: {first for link in row.after for first in (link.mission, *(link.any or ())) if first in ahead}
        for name, row in ahead.items()
    }
    waited = Counter(first for name in ahead for first in (name, *_all_before(name, before)))
    chosen: dict[str, str] = {}
    for name, _ in waited.most_common():
        if name not in scenario.delays:
            chosen.setdefault(ahead[name].programme, name)
    return [
        Lever(f"delay {name}", f"{ahead[name].name}: later by", "months", 0.0, 72.0, 3.0, 0.0,
              {f"delays.{name}.months": "{}"})
        for name in list(chosen.values())[:_DELAYS]
    ]  # fmt: skip


def _all_before(name: str, before: Mapping[str, set[str | None]]) -> set[str]:
    """All missions that one waits for, directly or by way of others."""
    found: set[str] = set()
    open_ends = [name]
    while open_ends:
        fresh = {first for first in before[open_ends.pop()] if first is not None} - found
        found |= fresh
        open_ends += fresh
    return found


def _risks(scenario: Scenario) -> list[Lever]:
    used = Counter(row.family for row in scenario.missions.values() if row.actual is None)
    levers: list[Lever] = []
    for name, _ in used.most_common():
        if name is not None and len(levers) < _FAMILIES:
            family = scenario.families[name]
            a, b = family.prior.a, family.prior.b
            levers.append(
                Risk(f"success {name}", f"{family.name}: success before its record", "", 0.05, 0.99, 0.01,
                     round(a / (a + b), 2), {f"families.{name}.prior": ""}, a + b)
            )  # fmt: skip
    return levers


def _sizes(scenario: Scenario) -> list[Lever]:
    flown = Counter(name for row in scenario.missions.values() for name in row.elements)
    levers: list[Lever] = []
    for name, _ in flown.most_common():
        element = scenario.elements[name]
        size = {"source": element.capacity_kw, "storage": element.usable_kwh}.get(element.role, 0.0)
        if size and len(levers) < _ELEMENTS:
            key, unit = ("capacity_kw", "kW") if element.role == "source" else ("usable_kwh", "kWh")
            levers.append(
                Lever(f"size {name}", element.name, unit, size / 4, size * 3, size / 4, size,
                      {f"elements.{name}.{key}": "{}"})
            )  # fmt: skip
    return levers


def _gates(scenario: Scenario) -> list[Lever]:
    texts = {f"gates.{name}": _as_json(gate) for name, gate in scenario.gates.items()}
    asking = {key: text for key, text in texts.items() if any(f'"{name}"' in text for name in _POWER)}
    if not asking:
        return []
    return [Gates("gates", "Power that gates ask for: times", "", 0.25, 2.0, 0.05, 1.0, asking)]


def _as_json(condition: Condition) -> str:
    return json.dumps(condition.model_dump(mode="json", exclude_none=True, exclude_defaults=True))


class Explorer:
    """A scenario with its levers, and what comes of them on the same luck.

    Attributes:
        levers: by name.
        values: where they stand.
        milestone: whose date is shown.
    """

    def __init__(
        self,
        scenario: str | Path,
        milestone: str | None = None,
        seed: int = 1,
        levers: list[Lever] | None = None,
        workers: int = 1,
    ) -> None:
        self.scenario = scenario
        self._base = _one(scenario, {})
        self.levers = {lever.name: lever for lever in levers or levers_of(self._base.scenario)}
        self.values = {name: lever.start for name, lever in self.levers.items()}
        self.milestones = {key: row.title for key, row in self._base.scenario.milestones.items()}
        self.milestone = self._known(milestone or _foremost(self._base.scenario))
        self._seed = seed
        self._workers = workers
        self._folder = Path(tempfile.mkdtemp(prefix="ilrs-explore-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    def set(self, name: str, value: float) -> None:
        """Turn a lever.

        Raises:
            ValueError: there is no such lever.
        """
        if name not in self.levers:
            raise ValueError(f"there is no lever `{name}`; there are {', '.join(self.levers)}")
        self.values[name] = float(value)

    def show(self, milestone: str) -> None:
        """Choose whose date is shown.

        Raises:
            ValueError: there is no such milestone.
        """
        self.milestone = self._known(milestone)

    def settings(self) -> dict[str, str]:
        """What the levers change, as with ``--set``."""
        changes = (lever.settings(self.values[name]) for name, lever in self.levers.items())
        return {key: text for change in changes for key, text in change.items()}

    def results(self, n: int = FIRST) -> Results:
        """Run the scenario as it is and as it is set, `n` replications on the same luck."""
        from sim.analysis.results import Results

        base = self._run(self._base, n)
        if not self.settings():
            return base
        plain = _one(self.scenario, {**self.settings(), "title": CHANGED.capitalize()})
        changed = self._run(Resolved(CHANGED, plain.scenario, plain.tree), n)
        return Results(base.folder, base.batch, [*base.saved, *changed.saved])

    def figure(self, n: int = FIRST, results: Results | None = None) -> Figure:
        """Draw the S-curve, the phases and the power of the scenario as it is set.

        Args:
            n: replications.
            results: of `results`, if they are there already.
        """
        from sim import plots
        from sim.plots.style import Picture

        found = results or self.results(n)
        name = found.scenarios[-1]
        figure = Picture(figsize=(8.0, 11.0), layout="constrained")
        curve, ribbon, fan = figure.subplots(3, 1)
        plots.probability_by_date(found, self.milestone, ax=curve)
        plots.phase_ribbon(found, name, ax=ribbon)
        plots.power(found, name, ax=fan)
        return figure

    def _run(self, resolved: Resolved, n: int) -> Results:
        from sim.api import run

        folder = self._folder / resolved.digest()[:24] / resolved.name
        return run(resolved, n, seed=self._seed, out=folder, workers=self._workers, progress=False)

    def _known(self, milestone: str) -> str:
        if milestone not in self.milestones:
            known = ", ".join(self.milestones)
            raise ValueError(f"there is no milestone `{milestone}`; there are {known}")
        return milestone

    def _ipython_display_(self) -> None:
        """Show sliders if there are widgets, else say what can be done without."""
        from IPython.display import display

        try:
            from sim.exploring_widgets import panel
        except ImportError:
            print(f"{self!r}\n\nFor sliders: pip install 'ilrs-sim[notebooks]'")
            return
        display(panel(self))  # type: ignore[no-untyped-call]

    def __repr__(self) -> str:
        width = max(map(len, self.levers), default=0)
        rows = [
            f"  {name:{width}s}  {self.values[name]:g} {lever.unit}  ({lever.title})"
            for name, lever in self.levers.items()
        ]
        return "\n".join([f"Levers of {self._base.name}, for .set(name, value):", *rows])


def _foremost(scenario: Scenario) -> str:
    """The first headline among the milestones, or the first of all."""
    headlines = [key for key, row in scenario.milestones.items() if row.headline]
    return next(iter(headlines or scenario.milestones))


def explore(scenario: str | Path = "baseline", milestone: str | None = None, **more: Any) -> Explorer:
    """Explore a scenario by turning its main knobs.

    Args:
        scenario: name of a shipped scenario, or file; no sweep.
        milestone: whose S-curve is shown; by default the first headline of the scenario.
        **more: `seed`, `levers` or `workers` of `Explorer`.

    Raises:
        ScenarioError: the scenario is wrong.
        ValueError: it is a sweep, or there is no such milestone.
    """
    return Explorer(scenario, milestone, **more)


def _one(scenario: str | Path, settings: Mapping[str, str]) -> Resolved:
    found = load_scenario(scenario, settings)
    if len(found) != 1:
        raise ValueError("name one scenario, not a sweep")
    return found[0]
