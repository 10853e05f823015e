"""What becomes of the elements, and how long the station goes on alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.estimates import Floats, share
from sim.analysis.periods import columns_of
from sim.analysis.saved import SavedScenario
from sim.analysis.survival import Integers, Survival, lasting, survival

DAYS_PER_YEAR = 365.25
_AGES = (1, 5, 10)


@dataclass(frozen=True)
class Lives:
    """How long things of one kind were seen to last, over all replications.

    Attributes:
        lasted: [yr].
        ended: whether that was the end.
        group: the replication of each.
    """

    lasted: Floats
    ended: NDArray[np.bool_]
    group: Integers

    def curve(self, years: Floats) -> Survival:
        """Give the share that still lasts after so many years."""
        return survival(self.lasted, self.ended, self.group, years)


def elements(scenarios: Sequence[SavedScenario]) -> pd.DataFrame:
    """What becomes of the elements, kind by kind.

    Columns: ``declared`` elements a replication, ``came`` the share of them that are commissioned by the
    horizon, then the shares of those that came by their fate at the horizon (``working``, ``down``,
    ``worn-out``, ``frozen``, ``never-worked``), ``median_years`` the age by which half are gone for good
    (Kaplan-Meier, what still stands is censored; infinite: not within what was simulated), and
    ``alive_1y``, ``alive_5y``, ``alive_10y`` with their standard errors by replication.
    """
    rows: list[dict[str, Any]] = []
    for saved in scenarios:
        fates = saved.read("unit_fate")[saved.completed]
        for kind, about in kinds(saved).items():
            lives, own = lives_of(saved, kind), fates[:, about["columns"]]
            rows.append(
                {
                    "scenario": saved.name,
                    "element": kind,
                    "name": about["name"],
                    "role": about["role"],
                    "declared": len(about["columns"]),
                    "came": _part(len(lives.lasted), own.size),
                    **_fate_shares(own, saved.meta["fates"], len(lives.lasted)),
                    "median_years": lasting(lives.lasted, lives.ended),
                    **_alive(lives, _AGES),
                }
            )
    return pd.DataFrame(rows)


def kinds(saved: SavedScenario) -> dict[str, dict[str, Any]]:
    """The kinds of elements of a scenario, by id: name, role, and their columns."""
    found: dict[str, dict[str, Any]] = {}
    for column, unit in enumerate(saved.meta["elements"]):
        about = found.setdefault(
            unit["element"], {"name": unit["name"], "role": unit["role"], "columns": []}
        )
        about["columns"].append(column)
    return found


def lives_of(saved: SavedScenario, kind: str) -> Lives:
    """How long the elements of a kind lasted; what is not gone at the horizon is censored."""
    columns = kinds(saved)[kind]["columns"]
    came = saved.values("unit_start")[:, columns]
    end = saved.values("unit_end")[:, columns]
    there = np.isfinite(came)
    group, _ = np.nonzero(there)
    came, end = came[there], end[there]
    until = np.where(np.isnan(end), saved.horizon - saved.origin, end)
    return Lives((until - came) / DAYS_PER_YEAR, np.isfinite(end), group)


def alone(scenarios: Sequence[SavedScenario]) -> pd.DataFrame:
    """How long each function of the station goes on by itself, from the silence or the last delivery on.

    Columns: ``replications`` in which anything was delivered at all, ``there`` the share of them in which
    the function was there at the beginning, and of these ``median_years`` until it is first missing
    (Kaplan-Meier, censored at the horizon; infinite: not within what was simulated), ``alive_1y``,
    ``alive_5y``, ``alive_10y`` with their standard errors, and ``still_there`` the share at the horizon.
    """
    rows: list[dict[str, Any]] = []
    for saved in scenarios:
        begun = np.isfinite(saved.values("alone_from"))
        for number, function in enumerate(saved.meta["functions"]):
            lives = lone_lives(saved, number)
            there = len(lives.lasted)
            rows.append(
                {
                    "scenario": saved.name,
                    "function": function["id"],
                    "title": function["title"],
                    "replications": int(begun.sum()),
                    **columns_of("there", share(there, int(begun.sum()))),
                    "median_years": lasting(lives.lasted, lives.ended),
                    **_alive(lives, _AGES),
                    "still_there": _part(there - int(lives.ended.sum()), there),
                }
            )
    columns = ["scenario", "function", "title", "replications", "there", "there_se", "median_years"]
    ages = [text for age in _AGES for text in (f"alive_{age}y", f"alive_{age}y_se")]
    return pd.DataFrame(rows, columns=[*columns, *ages, "still_there"])


def lone_lives(saved: SavedScenario, function: int) -> Lives:
    """How long a function went on alone, where it was there at the beginning."""
    start = saved.values("alone_from")
    lost = saved.values("function_lost_day")[:, function]
    there = np.isfinite(start) & ~np.isneginf(lost)
    until = np.where(np.isnan(lost), saved.horizon - saved.origin, lost)
    years = (until - start)[there] / DAYS_PER_YEAR
    return Lives(years, np.isfinite(lost[there]), np.flatnonzero(there))


def _fate_shares(own: Any, meanings: list[str], came: int) -> dict[str, float]:
    return {name: _part(int((own == code).sum()), came) for code, name in enumerate(meanings) if code > 0}


def _alive(lives: Lives, ages: Sequence[int]) -> dict[str, float]:
    curve = lives.curve(np.array(ages, dtype=float))
    columns: dict[str, float] = {}
    for number, age in enumerate(ages):
        columns[f"alive_{age}y"] = float(curve.alive[number])
        columns[f"alive_{age}y_se"] = float(curve.error[number])
    return columns


def _part(count: int, of: int) -> float:
    return count / of if of else np.nan
