"""Studies: saved answers to "what if", so that a report can tell them again.

A study is a folder with the batches that `sim.studies` ran, and a file that says which variation is which.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.analysis.effects import Counterfactuals, Levers, PartnerDependency, measure_of
from sim.analysis.results import open_results
from sim.analysis.saved import SavedScenario
from sim.batch.store import ResultsError, write_whole
from sim.scenario.variation import Variation

FILE = "study.json"
BASE, SERIES = "base", "series"
COUNTERFACTUALS, PARTNERS, LEVERS = "counterfactuals", "partners", "levers"
"""Folders of the batches: the scenario as it is (with critical paths; with series) and varied."""


@dataclass(frozen=True)
class Study:
    """What was asked of a scenario; None for what was not asked."""

    counterfactuals: Counterfactuals | None = None
    partners: PartnerDependency | None = None
    levers: Levers | None = None

    @property
    def title(self) -> str:
        """Title of the scenario."""
        asked = (self.counterfactuals, self.partners, self.levers)
        return next((item.base.title for item in asked if item is not None), "")


def write_study(folder: Path, study: Study) -> None:
    """Write down which variation is which, beside what the folder says already.

    Raises:
        ResultsError: the file cannot be written.
    """
    about = _read(folder) if (folder / FILE).exists() else {}
    if study.counterfactuals is not None:
        found = study.counterfactuals
        about[COUNTERFACTUALS] = {"milestone": found.milestone, "variations": _told(found.variations)}
    if study.partners is not None:
        exits = [[partner, name, year, saved.name] for partner, name, year, saved in study.partners.exits]
        about[PARTNERS] = {"milestones": list(study.partners.milestones), "exits": exits}
    if study.levers is not None:
        about[LEVERS] = {"outcome": study.levers.measure.id, "variations": _told(study.levers.variations)}
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / FILE, (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode())


def open_study(folder: str | Path) -> Study:
    """Open a study.

    Raises:
        ResultsError: there is none in the folder, or its batches are missing.
    """
    place = Path(folder)
    about = _read(place)
    study = Study()
    if COUNTERFACTUALS in about:
        asked = about[COUNTERFACTUALS]
        chosen, varied = _varied(place / COUNTERFACTUALS, asked["variations"])
        study = replace(
            study, counterfactuals=Counterfactuals(_base(place / BASE), asked["milestone"], chosen, varied)
        )
    if PARTNERS in about:
        saved = {item.name: item for item in open_results(place / PARTNERS).saved}
        exits = tuple(
            (partner, title, year, saved[name]) for partner, title, year, name in about[PARTNERS]["exits"]
        )
        milestones = tuple(about[PARTNERS]["milestones"])
        study = replace(study, partners=PartnerDependency(_base(place / SERIES), exits, milestones))
    if LEVERS in about:
        base = _base(place / SERIES)
        chosen, varied = _varied(place / LEVERS, about[LEVERS]["variations"])
        study = replace(
            study, levers=Levers(base, measure_of(base, about[LEVERS]["outcome"]), chosen, varied)
        )
    return study


def _told(variations: Iterable[Variation]) -> list[dict[str, str]]:
    return [{"id": item.id, "title": item.title, "why": item.why} for item in variations]


def _varied(
    folder: Path, told: list[dict[str, str]]
) -> tuple[tuple[Variation, ...], tuple[SavedScenario, ...]]:
    """Variations, without the changes, which are in their results, and these."""
    chosen = tuple(Variation(row["id"], row["title"], {}, row["why"]) for row in told)
    if not chosen:
        return (), ()
    by_id = {item.name.rpartition("[")[2].rstrip("]"): item for item in open_results(folder).saved}
    missing = [item.id for item in chosen if item.id not in by_id]
    if missing:
        raise ResultsError(f"the study in {folder} has no results of {', '.join(missing)}; run it again")
    return chosen, tuple(by_id[item.id] for item in chosen)


def _base(folder: Path) -> SavedScenario:
    return open_results(folder).saved[0]


def _read(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ResultsError(
            f"there is no study in {folder}; `ilrs explain ... --out {folder}` makes one"
        ) from None
    except (OSError, ValueError) as error:
        raise ResultsError(f"the study in {folder} cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise ResultsError(f"{folder / FILE} is not a study")
    return found
