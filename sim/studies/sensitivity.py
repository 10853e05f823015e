"""What drives a date, and how likely a rare loss is: runs with an experimental design of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api import Scenario, resolve_one

if TYPE_CHECKING:
    from sim.analysis.driven import Drivers
    from sim.analysis.rare import RareEvent


def drivers(
    scenario: Scenario,
    n: int = 1000,
    *,
    tornado: int = 100,
    sobol: int = 128,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    overrides: Sequence[str | Path] = (),
    workers: int | None = None,
    progress: bool = True,
) -> Drivers:
    """Find out what drives the dates of a scenario: rank correlations, tornado, Sobol indices, regions.

    Args:
        scenario: name of a shipped one, file, draft, or loaded scenario; no sweep.
        n: plain replications, for rank correlations and regions.
        tornado: replications of each unknown at its P10 and at its P90; 0 for no tornado.
        sobol: base sample of the Sobol indices, which take it once for each factor; 0 for none.
        seed: of the luck, the same as in `run`.
        settings: dotted keys and values laid over the scenario.
        overrides: scenarios whose changes are laid over it, as with ``--with``.
        workers: processes; by default all cores.
        progress: show a progress bar if it takes more than a moment.

    Raises:
        ScenarioError: the scenario is wrong.
        ValueError: it is a sweep.
    """
    from sim.analysis.driven import Drivers
    from sim.analysis.drivers import plain_sample
    from sim.analysis.indices import factors
    from sim.batch.find_drivers import run_drivers
    from sim.batch.progress import no_bar, progress_bar
    from sim.batch.run import Plan

    one = resolve_one(scenario, settings, overrides)
    with (progress_bar if progress else no_bar)() as bar:
        found = run_drivers(
            one, factors, seed, (n, tornado, sobol), workers, bar.advance,
            lambda total: bar.begin(Plan(total, 0, [], 0)),
        )  # fmt: skip
    return Drivers(seed, plain_sample(found.meta, seed, found.days), found.ends, found.runs)


def crew_loss(
    scenario: Scenario,
    n: int = 1000,
    *,
    mission: str | None = None,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    overrides: Sequence[str | Path] = (),
    workers: int | None = None,
    progress: bool = True,
) -> RareEvent:
    """Estimate how likely the loss of a crew is, by importance sampling.

    Args:
        scenario: name of a shipped one, file, draft, or loaded scenario; no sweep.
        n: replications.
        mission: the crew of this mission; by default of any mission.
        seed: of the luck.
        settings: dotted keys and values laid over the scenario.
        overrides: scenarios whose changes are laid over it, as with ``--with``.
        workers: processes; by default all cores.
        progress: show a progress bar if it takes more than a moment.

    Raises:
        ScenarioError: the scenario is wrong.
        ValueError: it is a sweep, or there is no such crewed mission ahead.
    """
    from sim.analysis.rare import rare_event
    from sim.batch.progress import no_bar, progress_bar
    from sim.batch.rare import crewed, run_tilted
    from sim.batch.run import Plan
    from sim.scenario.compile import compile_campaign

    one = resolve_one(scenario, settings, overrides)
    campaign = compile_campaign(one.scenario, one.name)
    missions = crewed(campaign, mission)
    with (progress_bar if progress else no_bar)() as bar:
        bar.begin(Plan(n, 0, [], 0))
        sample = run_tilted(campaign, missions, seed, n, workers, bar.advance)
    event = (
        f"{one.name}: loss of a crew" if mission is None else f"{one.name}: loss of the crew of {mission}"
    )
    return rare_event(event, sample.lost, sample.weights)
