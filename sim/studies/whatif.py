"""The verbs that ask "what if": variations of a scenario, run on the same luck and compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api import Scenario, resolve_one
from sim.batch.store import ResultsError
from sim.scenario.load import Resolved
from sim.scenario.variation import Variation, read_variations, shipped_levers, varied
from sim.studies.how import How, how_to_run

if TYPE_CHECKING:
    from sim.analysis.attribution import Why
    from sim.analysis.effects import Counterfactuals, Levers, PartnerDependency
    from sim.analysis.results import Results
    from sim.analysis.saved import SavedScenario

YEARS = (2030, 2035)
_N = 200


def counterfactuals(
    scenario: Scenario,
    milestone: str,
    n: int = _N,
    *,
    candidates: Iterable[Variation] | None = None,
    most: int = 10,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    overrides: Sequence[str | Path] = (),
    out: str | Path | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> Counterfactuals:
    """Ask what would have changed the date of a milestone, one change at a time, on the same luck.

    Args:
        scenario: name of a shipped one, file, draft, or loaded scenario; no sweep.
        milestone: id.
        n: replications of each.
        candidates: changes to try; by default chosen from the critical paths and the losses.
        most: how many to choose.
        seed: of the luck.
        settings: dotted keys and values laid over the scenario.
        overrides: scenarios whose changes are laid over it, as with ``--with``.
        out: folder for the results, which a second call completes; by default a temporary one.
        workers: processes; by default all cores.
        progress: show a progress bar.

    Raises:
        ScenarioError: the scenario is wrong, or a sweep.
        ResultsError: there is no such milestone.
    """
    from sim.analysis.candidates import candidates as chosen_from
    from sim.analysis.effects import Counterfactuals, measure_of
    from sim.analysis.saved_study import BASE, COUNTERFACTUALS, Study, write_study

    resolved, how = resolve_one(scenario, settings, overrides), how_to_run(n, seed, out, workers, progress)
    base = how.run(BASE, [resolved], "paths")
    measure_of(base.saved[0], milestone)
    if candidates is None:
        found = _why_or_none(base, milestone)
        candidates = chosen_from(resolved.scenario, base.saved[0], milestone, found, most)
    chosen = tuple(candidates)
    saved = _run_varied(resolved, chosen, how, COUNTERFACTUALS, "dates")
    answer = Counterfactuals(base.saved[0], milestone, chosen, saved)
    write_study(how.out, Study(counterfactuals=answer))
    return answer


def partner_dependency(
    scenario: Scenario,
    years: Iterable[int] = YEARS,
    n: int = _N,
    *,
    partners: Mapping[str, Sequence[str]] | None = None,
    milestones: Sequence[str] | None = None,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    overrides: Sequence[str | Path] = (),
    out: str | Path | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> PartnerDependency:
    """Ask what the exit of each partner at the start of a year costs: dates, firm power, crew-days.

    A partner that leaves launches nothing more from then on; what others take over is what the scenario
    declares as fallbacks.

    Args:
        scenario: name of a shipped one, file, draft, or loaded scenario; no sweep.
        years: at the start of which a partner leaves.
        n: replications of each.
        partners: names, and the programmes that leave with each; by default each programme alone that has
            something planned.
        milestones: ids; by default all.
        seed: of the luck.
        settings: dotted keys and values laid over the scenario.
        overrides: scenarios whose changes are laid over it, as with ``--with``.
        out: folder for the results; by default a temporary one.
        workers: processes; by default all cores.
        progress: show a progress bar.

    Raises:
        ScenarioError: the scenario is wrong, or a sweep; or there is no such programme.
    """
    from sim.analysis.effects import PartnerDependency
    from sim.analysis.saved_study import PARTNERS, SERIES, Study, write_study

    resolved, how = resolve_one(scenario, settings, overrides), how_to_run(n, seed, out, workers, progress)
    groups = partners or _programmes_with_plans(resolved)
    exits = [
        (name, year, _exit(name, programmes, year)) for name, programmes in groups.items() for year in years
    ]
    base = how.run(SERIES, [resolved], "series").saved[0]
    saved = _run_varied(resolved, [variation for *_, variation in exits], how, PARTNERS, "series")
    titles = {
        name: resolved.scenario.programmes[name].name
        for name in groups
        if name in resolved.scenario.programmes
    }
    rows = [
        (name, titles.get(name, name), year, item)
        for (name, year, _), item in zip(exits, saved, strict=True)
    ]
    answer = PartnerDependency(base, tuple(rows), tuple(milestones or base.ids("milestones")))
    write_study(how.out, Study(partners=answer))
    return answer


def levers(
    scenario: Scenario,
    outcome: str,
    n: int = _N,
    *,
    policies: Iterable[Variation] | str | Path | None = None,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    overrides: Sequence[str | Path] = (),
    out: str | Path | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> Levers:
    """Rank policies by what they do to an outcome, with a guarantee of the ranking.

    Args:
        scenario: name of a shipped one, file, draft, or loaded scenario; no sweep.
        outcome: id of a milestone (its mean date), ``crew-days`` or ``firm-power``.
        n: replications of each.
        policies: what could be decided, or a file of it; by default the shipped `levers/policies.yaml`.
        seed: of the luck.
        settings: dotted keys and values laid over the scenario.
        overrides: scenarios whose changes are laid over it, as with ``--with``.
        out: folder for the results; by default a temporary one.
        workers: processes; by default all cores.
        progress: show a progress bar.

    Raises:
        ScenarioError: the scenario or the file of policies is wrong.
        ResultsError: there is no such outcome.
    """
    from sim.analysis.effects import Levers, measure_of
    from sim.analysis.saved_study import LEVERS, SERIES, Study, write_study

    resolved, how = resolve_one(scenario, settings, overrides), how_to_run(n, seed, out, workers, progress)
    if policies is None or isinstance(policies, (str, Path)):
        policies = read_variations(Path(policies) if policies is not None else shipped_levers())
    chosen = tuple(policies)
    base = how.run(SERIES, [resolved], "series").saved[0]
    measure = measure_of(base, outcome)
    answer = Levers(base, measure, chosen, _run_varied(resolved, chosen, how, LEVERS, "series"))
    write_study(how.out, Study(levers=answer))
    return answer


def _run_varied(
    resolved: Resolved, variations: Sequence[Variation], how: How, name: str, record: str
) -> tuple[SavedScenario, ...]:
    if not variations:
        return ()
    scenarios = [varied(resolved, variation) for variation in variations]
    return tuple(how.run(name, scenarios, record).saved)


def _why_or_none(base: Results, milestone: str) -> Why | None:
    """The attribution, or none where no replication reaches the milestone."""
    try:
        return base.why(milestone)
    except ResultsError:
        return None


def _programmes_with_plans(resolved: Resolved) -> dict[str, tuple[str, ...]]:
    scenario = resolved.scenario
    planned = {mission.programme for mission in scenario.missions.values() if mission.actual is None}
    return {name: (name,) for name in scenario.programmes if name in planned}


def _exit(name: str, programmes: Sequence[str], year: int) -> Variation:
    withdrawal = {programme: {"withdrawal": f"{year}-01-01"} for programme in programmes}
    return Variation(f"{name}-leaves-{year}", f"{name} leaves in {year}", {"programmes": withdrawal})
