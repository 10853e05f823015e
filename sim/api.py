"""The core verbs of the library: scenario, run, trace, demo, list. Studies are in `sim.studies`."""

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
    from sim.analysis.future import Future
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
        scenarios: names of shipped scenarios, files, or what `scenario` gives; one or several.
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
    from sim.batch.run import Settings
    from sim.batch.sampling import sampling_of

    sampling = sampling_of(luck, draws, seeds)
    folder = results_folder(out)
    resolved = _resolve(scenarios, settings, overrides)
    how = Settings(n, seed, workers, record, sampling=sampling, executor=executor)
    _run_batch(resolved, folder, how, until, most, progress)
    return open_results(folder)[[item.name for item in resolved]]


def results_folder(out: str | Path | None) -> Path:
    """The folder that was asked for, or a temporary one."""
    return Path(out) if out is not None else Path(tempfile.mkdtemp(prefix="ilrs-"))


def _run_batch(
    resolved: Sequence[Resolved], folder: Path, how: Settings, goal: str | None, most: int, progress: bool
) -> None:
    """Run the replications that are asked for, or as many as a goal takes."""
    from sim.batch.progress import no_bar, progress_bar
    from sim.batch.run import Batch

    def run_to(count: int) -> None:
        with (progress_bar if progress else no_bar)() as bar:
            Batch(resolved, folder, replace(how, replications=count)).run(bar.begin, bar.advance)

    if goal is None:
        run_to(how.replications)
    else:
        run_to_goal(resolved, folder, goal, how, most, run_to)


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


def trace(
    scenario: Scenario,
    replication: int,
    *,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    overrides: Sequence[str | Path] = (),
    of: Results | str | Path | None = None,
) -> Future:
    """Run one replication again and keep everything that happened in it.

    Args:
        scenario: name of a shipped one, file, draft, or checked scenario; no sweep.
        replication: its number.
        seed: of the luck.
        settings: dotted keys and values laid over the scenario.
        overrides: scenarios whose changes are laid over it.
        of: results, or their folder, whose replication this is: their seed counts, and their luck, also if
            it is nested or spread evenly.

    Raises:
        ScenarioError: the scenario is wrong, or it is a sweep.
        ResultsError: the results have no such replication of this scenario.
    """
    from sim.analysis.future import Future
    from sim.analysis.results import open_results
    from sim.batch.sampling import PLAIN
    from sim.batch.trace import trace_replication

    one = resolve_one(scenario, settings, overrides)
    if of is None:
        return Future(trace_replication(one, seed, replication, PLAIN))
    results = open_results(of) if isinstance(of, (str, Path)) else of
    sampling = results.sampling_of(one.name, one.digest(), replication)
    return Future(trace_replication(one, results.seed, replication, sampling))


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
        raise ValueError(f"a sweep makes many scenarios; name one of them: {names}")
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
        if not (settings or overrides):
            return [item]
        if overrides:
            message = "is checked already and takes no overrides; use sim.scenario(name, *overrides)"
            raise ScenarioError([Problem(Origin(item.name, 0, 0), "", message)])
        item = Draft(item.name, item.tree)
    draft = item if isinstance(item, Draft) else read_draft(item)
    if overrides:
        draft = draft.with_overrides(*overrides)
    texts = {key: value for key, value in settings.items() if isinstance(value, str)}
    values = {key: value for key, value in settings.items() if key not in texts}
    return resolve(draft.name, apply_settings(put_all(draft.tree, values, origin), texts))
