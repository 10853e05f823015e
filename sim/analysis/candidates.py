"""Candidates for counterfactuals: what is worth asking "what if it had not happened?".

The attribution nominates, it does not judge: the effect of each candidate is found by running the same
futures again without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.attribution import Why
from sim.analysis.estimates import Floats, restricted
from sim.analysis.saved import SavedScenario
from sim.analysis.upstream import upstream
from sim.batch.store import ResultsError
from sim.scenario.schema import Mission, Scenario
from sim.scenario.variation import Variation

MOST_CANDIDATES = 10
_MOST_OF_A_KIND = 4
_LEAST_DAYS = 1.0
_LOST = ("launch-failure", "landing-failure", "crew-lost")
_IDEALISED = {
    "slip": ("slips", "Had no plan slipped"),
    "gate": ("gates", "Had every gate held from the start"),
    "window": ("windows", "Had the windows always been open"),
    "scrub": ("scrubs", "Had no launch been scrubbed"),
    "elements": ("element-failures", "Had no element failed"),
    "rebuild": (["launch-failures", "landing-failures"], "Had no launch and no landing failed"),
}


@dataclass(frozen=True)
class Nominated:
    """A candidate and the days for which it was nominated [d]."""

    variation: Variation
    days: float


def candidates(
    scenario: Scenario, saved: SavedScenario, milestone: str, found: Why | None, most: int = MOST_CANDIDATES
) -> list[Variation]:
    """Choose what to ask, the most promising first.

    Nominated are slips and losses of missions by their days on the critical path; losses and cancellations
    of missions that the milestone depends on by how much later it is where they happen; and causes by
    their days on the path, removed everywhere.

    Args:
        scenario: that was run.
        saved: its results.
        milestone: id.
        found: the attribution; none where no replication reaches the milestone.
        most: how many to choose.

    Raises:
        ResultsError: there is no such milestone.
    """
    if milestone not in scenario.milestones:
        known = ", ".join(f"`{name}`" for name in scenario.milestones)
        raise ResultsError(f"there is no milestone `{milestone}`; there are {known}")
    kinds = [list(_misfortunes(scenario, saved, milestone))]
    if found is not None:
        reached = found.reached / found.completed
        kinds += [list(_slips(scenario, found, reached)), list(_causes(scenario, found, reached))]
    chosen: list[Nominated] = []
    for kind in kinds:
        best = sorted(kind, key=lambda item: -item.days)
        chosen += best[: max(_MOST_OF_A_KIND, most // len(kinds))]
    chosen.sort(key=lambda item: -item.days)
    return [item.variation for item in chosen if item.days >= _LEAST_DAYS][:most]


def no_slip(name: str, mission: Mission) -> Variation:
    """A mission whose plan does not slip."""
    return Variation(
        f"{name}-on-time", f"Had {mission.name} been on time", {"force": {name: {"slip": "none"}}}
    )


def no_loss(name: str, mission: Mission) -> Variation:
    """A mission that is not lost: its launches and, if it lands, its landing succeed at the first try."""
    forced = {"launch": "success"} | ({"landing": "success"} if mission.family else {})
    title = f"Had {mission.name} succeeded at the first try"
    return Variation(f"{name}-safe", title, {"force": {name: forced}})


def no_cancellation(name: str, mission: Mission) -> Variation:
    """A mission that is never given up."""
    changes = {"force": {name: {"cancelled": False}}}
    return Variation(f"{name}-kept", f"Had {mission.name} never been given up", changes)


def _slips(scenario: Scenario, found: Why, reached: float) -> Iterator[Nominated]:
    table = found.pieces()
    for row in table[table["cause"] == "slip"].to_dict("records"):
        mission = scenario.missions[row["mission"]]
        yield Nominated(no_slip(row["mission"], mission), row["days"] * reached)


def _misfortunes(scenario: Scenario, saved: SavedScenario, milestone: str) -> Iterator[Nominated]:
    """Losses and cancellations of missions upstream, by how much later the milestone is with them."""
    column = saved.ids("milestones").index(milestone)
    late = restricted(saved.dates("milestone_day")[:, column], saved.horizon)
    status = saved.read("status")[saved.completed]
    attempts = saved.read("attempts")[saved.completed]
    names = np.array([*saved.meta["statuses"], "none"])[status]
    needed = upstream(scenario, milestone)
    for number, about in enumerate(saved.meta["missions"]):
        name = about["id"]
        if name not in needed or about["history"]:
            continue
        mission = scenario.missions[name]
        lost = np.isin(names[:, number], _LOST) | (attempts[:, number] > 1)
        yield Nominated(no_loss(name, mission), _later_with(late, lost))
        if mission.cancellation_probability > 0:
            cancelled = names[:, number] == "cancelled"
            yield Nominated(no_cancellation(name, mission), _later_with(late, cancelled))


def _later_with(late: Floats, happened: np.ndarray) -> float:
    """Days by which the mean date would be earlier if those in which it happened were as the others [d]."""
    if not happened.any() or happened.all():
        return 0.0
    return float((late[happened].mean() - late[~happened].mean()) * happened.mean())


def _causes(scenario: Scenario, found: Why, reached: float) -> Iterator[Nominated]:
    days = found.causes().set_index("cause")["days"] * reached
    for cause, (names, title) in _IDEALISED.items():
        if cause in days:
            yield Nominated(Variation(f"no-{cause}", title, {"idealise": names}), float(days[cause]))
    for cause, title, changes in _resources(scenario):
        if cause in days and changes:
            yield Nominated(Variation(f"no-{cause}", title, changes), float(days[cause]))


def _resources(scenario: Scenario) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What else missions wait for, taken away."""
    none = {"stand_down_days": 0}
    yield (
        "stand-down",
        "Had there been no stand-down after failures",
        {
            "vehicles": dict.fromkeys(scenario.vehicles, none),
            "families": dict.fromkeys(scenario.families, none),
            "programmes": {name: {"crew_loss_stand_down_days": 0} for name in scenario.programmes},
        },
    )
    more = {name: {"count": row.count + 1} for name, row in scenario.pads.items()}
    yield "pad", "Had each launch site had one more pad", {"pads": more}
    stocked = {name: {"stock": row.stock + 10} for name, row in scenario.vehicles.items()}
    yield "vehicle", "Had ten more of each launch vehicle been in store", {"vehicles": stocked}
    limited = {name: row for name, row in scenario.programmes.items() if row.launches_per_year is not None}
    unlimited = {name: {"launches_per_year": None} for name in limited}
    yield "budget", "Had no programme had a limit of launches", {"programmes": unlimited} if limited else {}
    delays = {name: {"days": 0, "months": None, "years": None} for name in scenario.delays}
    yield "delay", "Had the scenario added no delay", {"delays": delays} if delays else {}
    shocks = {
        name: {"shocks": {key: {"hit_probability": 0} for key in row.shocks}}
        for name, row in scenario.programmes.items()
        if row.shocks
    }
    yield "shock", "Had no setback hit a programme", {"programmes": shocks} if shocks else {}
