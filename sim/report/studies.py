"""What was asked beside the results: what would have changed a date, who carries the risk, what helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sim import plots
from sim.analysis.effects import Counterfactuals, Levers, PartnerDependency, in_days
from sim.analysis.saved_study import FILE, Study, open_study
from sim.plots.words import percent
from sim.report.pictures import Picture

FOLDER = "study"
"""Where a report looks for a study, in the folder of the results."""


@dataclass(frozen=True)
class Asked:
    """A study as the page tells it.

    Attributes:
        scenario: title of the scenario it is about.
        guarantee: of the ranking of the levers; empty if there is none.
        pictures: in the order of the page.
    """

    scenario: str
    guarantee: str = ""
    pictures: list[Picture] = field(default_factory=list)


def asked(results_folder: Path, study: Path | None = None) -> Asked | None:
    """Open the study that is named, or the one beside the results; None if there is none.

    Raises:
        ResultsError: the study that is named cannot be opened.
    """
    folder = study or results_folder / FOLDER
    if study is None and not (folder / FILE).exists():
        return None
    return _told(open_study(folder))


def _told(study: Study) -> Asked | None:
    drawn: list[Picture] = []
    guarantee = ""
    if study.counterfactuals is not None:
        drawn.append(_counterfactuals(study.counterfactuals))
    if study.partners is not None:
        drawn.append(_partners(study.partners))
    if study.levers is not None:
        drawn.append(_levers(study.levers))
        guarantee = study.levers.ranking.guarantee
    return Asked(study.title, guarantee, drawn) if drawn else None


def _counterfactuals(found: Counterfactuals) -> Picture:
    told = "; ".join(found.sentences())
    return Picture(
        "counterfactuals", "levers", "",
        f"{found.title}: what would have changed its mean date, one thing at a time, on the same luck.",
        f"Changes of the mean date. {told}.", partial(plots.counterfactuals, found),
    )  # fmt: skip


def _partners(found: PartnerDependency) -> Picture:
    told = "; ".join(
        f"{row['name']}, {row['year']}, {row['title']}: "
        f"{in_days(row['change'], row['change_se'], row['unit'])}"
        for row in found.table().to_dict("records")
        if row["change"]
    )
    return Picture(
        "partners", "levers", "",
        "Who carries the risk: what the exit of each partner at the start of a year costs, if nobody takes "
        "over.",
        f"Costs of exits. {told}.", partial(plots.partner_dependency, found),
    )  # fmt: skip


def _levers(found: Levers) -> Picture:
    told = "; ".join(
        f"{row['title']}: {in_days(row['effect'], row['effect_se'], found.measure.unit)}, rank "
        f"{row['rank_best']} to {row['rank_worst']}{_surely(row)}"
        for row in found.table().to_dict("records")
    )
    share = percent(found.ranking.confidence)
    return Picture(
        "levers", "levers", "",
        f"{found.measure.title}: which lever helps most? Intervals hold together with {share} confidence.",
        f"Effects of the levers. {told}.", partial(plots.levers, found),
    )  # fmt: skip


def _surely(row: Mapping[Any, Any]) -> str:
    return ", surely helps" if row["surely_helps"] else ", surely harms" if row["surely_harms"] else ""
