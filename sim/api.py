"""The verbs of the library: scenario, run, hindcast, trace, drivers, demo, list."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import scenario as room
from sim.scenario.draft import Draft, caller_origin, put_all, read_draft
from sim.scenario.load import Resolved, resolve, uniquely_named
from sim.scenario.merge import apply_settings
from sim.scenario.problems import Origin, Problem, ScenarioError
from sim.scenario.shipped import shipped_scenarios as shipped_files

if TYPE_CHECKING:
    from datetime import date

    from sim.analysis.driven import Drivers
    from sim.analysis.future import Future
    from sim.analysis.hindcast import Hindcast
    from sim.analysis.rare import RareEvent
    from sim.analysis.results import Results
    from sim.batch.executors import Executor
    from sim.batch.run import Settings

MOST = 20_000
Scenario = str | Path | Draft | Resolved
Scenarios = Scenario | Sequence[Scenario]


def scenario(name: str | Path, *overrides: str | Path) -> Draft:
    """Read a scenario to build on: ``sim.scenario("baseline").with_changes({...})``.

    Args:
        name: a shipped scenario, or a file.
        overrides: scenarios whose changes are laid over it.

    Raises:
        ScenarioError: a file cannot be read, or two overrides set one key.
    """
    return room(name, *overrides)


def shipped_scenarios() -> list[str]:
    """Name the shipped scenarios, the baseline first."""
    return [path.stem for path in shipped_files()]


def run(
    scenarios: Scenarios,
    n: int = 500,
    *,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    overrides: Sequence[str | Path] = (),
    out: str | Path | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    record: str = "series",
    progress: bool = True,
    draws: int | None = None,
    seeds: int | None = None,
    luck: str = "random",
    until: str | None = None,
    most: int = MOST,
) -> Results:
    """Run a batch of scenarios and open its results.

    Args:
        scenarios: names of shipped scenarios, files, or what `scenario` and `load_scenario` give; one or
            several.
        n: replications of each.
        seed: the same seed gives the same results, whatever the other arguments.
        settings: dotted keys and values laid over every scenario, such as
            ``{"delays.luna-26.months": 24}``.
        overrides: scenarios whose changes are laid over every scenario, such as ``["second-pad"]``.
        out: results folder; by default a temporary one. A folder that holds a part of these results
            already is completed, not computed again.
        workers: processes; by default all cores.
        executor: where to compute instead: anything with ``submit`` as in `concurrent.futures`; it stays
            open.
        record: ``dates``, ``series`` (dates and monthly series), ``paths`` (these and the critical path
            to each milestone, for `Results.why`) or ``spans`` (these and what every mission waited for).
        progress: show a progress bar if it takes more than a moment.
        draws: of what we do not know, for a nested batch; with `seeds`, instead of `n`.
        seeds: futures of chance for each draw.
        until: a goal such as ``"0.5 months on P80 of permanent-presence"``; replications are added until it
            is reached, and ``results.until`` says how many it took. `n` has no meaning then.
        most: replications at which it ends in any case.
        luck: ``random``, or ``stratified`` or ``sobol`` for luck that is spread evenly in blocks.

    Raises:
        ScenarioError: a scenario is wrong; the text lists all mistakes.
        ValueError: draws, seeds, luck and the goal do not go together, or the goal is not understood.
        ResultsError: the folder holds other results, or cannot be written.
    """
    from sim.analysis.results import open_results
    from sim.batch.progress import no_bar, progress_bar
    from sim.batch.run import Batch, Settings
    from sim.batch.sampling import sampling_of

    sampling = sampling_of(luck, draws, seeds)
    folder = Path(out) if out is not None else Path(tempfile.mkdtemp(prefix="ilrs-"))
    resolved = _resolve(scenarios, settings, overrides)
    how = Settings(n, seed, workers, record, sampling=sampling, executor=executor)

    def run_to(count: int) -> None:
        with (progress_bar if progress else no_bar)() as bar:
            Batch(resolved, folder, replace(how, replications=count)).run(bar.begin, bar.advance)

    if until is None:
        run_to(n)
    else:
        run_to_goal(resolved, folder, until, how, most, run_to)
    return open_results(folder)[[item.name for item in resolved]]


def hindcast(
    dates: Sequence[date] | None = None,
    n: int = 500,
    *,
    seed: int = 1,
    out: str | Path | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> Hindcast:
    """Set the data date back, forecast with what was known then, and score against what happened.

    Args:
        dates: data dates; by default the first of January of 2012, 2016, 2021, 2023 and 2025.
        n: replications for each.
        seed: the same seed gives the same results.
        out: results folder; by default a temporary one.
        workers: processes; by default all cores.
        progress: show a progress bar if it takes more than a moment.

    Raises:
        RecordError: the record cannot be read.
        ResultsError: nothing had flown by a date that could be fitted, or the folder holds other results.
    """
    from sim.analysis.hindcast import Hindcast, score_hindcasts
    from sim.analysis.landing_scores import score_landings
    from sim.batch.store import ResultsError
    from sim.nature.record import read_record
    from sim.scenario.hindcast import DATES, HindcastError, hindcast_scenario

    record, base = read_record(), resolve_one("baseline", None)
    try:
        scenarios = [hindcast_scenario(base, record, day) for day in dates or DATES]
    except HindcastError as error:
        raise ResultsError(str(error)) from None
    results = run(scenarios, n, seed=seed, out=out, workers=workers, record="dates", progress=progress)
    return Hindcast(results, score_hindcasts(results, record), score_landings(results, record))


def run_to_goal(
    resolved: Sequence[Resolved],
    folder: Path,
    goal: str,
    how: Settings,
    most: int,
    run_to: Callable[[int], None],
) -> None:
    """Run until a goal is reached, and write down in the results what it took.

    Raises:
        ValueError: the goal is not understood, or the luck is not plain.
    """
    from sim.analysis.sequential import run_until
    from sim.batch.store import Store
    from sim.batch.until import FIRST_LOOK, read_goal

    if how.sampling.kind != "random":
        raise ValueError("a goal needs plain luck: leave out --draws, --seeds and --luck")
    if most < FIRST_LOOK:
        raise ValueError(f"a goal needs at least {FIRST_LOOK} replications")
    known = [set(item.scenario.milestones) for item in resolved]
    common = [name for name in resolved[0].scenario.milestones if all(name in names for names in known)]
    wanted = read_goal(goal, common)
    looks = run_until(folder, [item.name for item in resolved], wanted, most, run_to)
    store = Store(folder)
    store.write_batch(store.batch() | {"until": {"goal": goal, "most": most, "looks": looks}})


def drivers(
    scenario: Scenario,
    n: int = 1000,
    *,
    tornado: int = 100,
    sobol: int = 128,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> Drivers:
    """Find out what drives the dates of a scenario: rank correlations, tornado, Sobol indices, regions.

    Args:
        scenario: name of a shipped scenario, file, or loaded scenario; no sweep.
        n: plain replications, for rank correlations and regions.
        tornado: replications of each unknown at its P10 and at its P90; 0 for no tornado.
        sobol: base sample of the Sobol indices, which take it once for each factor; 0 for none.
        seed: of the luck, the same as in `run`.
        settings: dotted keys and values laid over the scenario.
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

    one = resolve_one(scenario, settings)
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
    workers: int | None = None,
    progress: bool = True,
) -> RareEvent:
    """Estimate how likely the loss of a crew is, by importance sampling.

    Args:
        scenario: name of a shipped scenario, file, or loaded scenario; no sweep.
        n: replications.
        mission: the crew of this mission; by default of any mission.
        seed: of the luck.
        settings: dotted keys and values laid over the scenario.
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

    one = resolve_one(scenario, settings)
    campaign = compile_campaign(one.scenario, one.name)
    missions = crewed(campaign, mission)
    with (progress_bar if progress else no_bar)() as bar:
        bar.begin(Plan(n, 0, [], 0))
        sample = run_tilted(campaign, missions, seed, n, workers, bar.advance)
    event = (
        f"{one.name}: loss of a crew" if mission is None else f"{one.name}: loss of the crew of {mission}"
    )
    return rare_event(event, sample.lost, sample.weights)


def trace(
    scenario: Scenario,
    replication: int,
    *,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    overrides: Sequence[str | Path] = (),
) -> Future:
    """Run one replication again and keep everything that happened in it.

    Raises:
        ScenarioError: the scenario is wrong, or it is a sweep.
    """
    from sim.analysis.future import Future
    from sim.batch.trace import trace_replication

    return Future(trace_replication(resolve_one(scenario, settings, overrides), seed, replication))


def resolve_one(
    scenario: Scenario, settings: Mapping[str, Any] | None, overrides: Sequence[str | Path] = ()
) -> Resolved:
    """Load one scenario.

    Raises:
        ScenarioError: the scenario is wrong.
        ValueError: it is a sweep.
    """
    resolved = _resolve(scenario, settings, overrides)
    if len(resolved) != 1:
        names = ", ".join(item.name for item in resolved)
        raise ValueError(f"name one scenario, not a sweep; this one makes {names}")
    return resolved[0]


def demo() -> Results:
    """Run the baseline against two years more of Luna slips, small enough for a first look."""
    return run(["baseline", "luna-slips"], n=50)


def _resolve(
    scenarios: Scenarios, settings: Mapping[str, Any] | None, overrides: Sequence[str | Path] = ()
) -> list[Resolved]:
    """Check all scenarios; their mistakes are reported together."""
    single = isinstance(scenarios, (str, Path, Draft, Resolved))
    origin = caller_origin()
    resolved: list[Resolved] = []
    problems: list[Problem] = []
    items: Sequence[Any] = [scenarios] if single else list(scenarios)  # type: ignore[arg-type]
    for item in items:
        try:
            resolved += _resolved(item, settings or {}, overrides, origin)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return uniquely_named(resolved)


def _resolved(
    item: Any, settings: Mapping[str, Any], overrides: Sequence[str | Path], origin: Origin
) -> list[Resolved]:
    if isinstance(item, Resolved):
        return [item]
    draft = item if isinstance(item, Draft) else read_draft(item)
    if overrides:
        draft = draft.with_overrides(*overrides)
    texts = {key: value for key, value in settings.items() if isinstance(value, str)}
    values = {key: value for key, value in settings.items() if key not in texts}
    return resolve(draft.name, apply_settings(put_all(draft.tree, values, origin), texts))
