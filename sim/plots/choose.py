"""Which scenarios, milestones and missions a plot shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from sim.analysis.results import Results
from sim.analysis.saved import SavedScenario
from sim.batch.store import ResultsError
from sim.plots.words import listed

MOST_MISSIONS = 40

_NUMBERED = re.compile(r"(?P<pattern>.+)-(?P<number>[1-9]\d*)")


def some_scenarios(results: Results, scenarios: Sequence[str] | str | None) -> Results:
    """Pick the named scenarios, or all.

    Raises:
        ResultsError: there is no such scenario.
    """
    if scenarios is None:
        return results
    return results[scenarios if isinstance(scenarios, str) else list(scenarios)]


def one_scenario(results: Results, scenario: str | None) -> Results:
    """Pick the named scenario, or the first.

    Raises:
        ResultsError: there is no such scenario, or no replication of it is completed.
    """
    one = results[results.scenarios[0] if scenario is None else scenario]
    require_completed(one)
    return one


def require_completed(results: Results) -> None:
    """Make sure that each scenario has at least one replication that did not fail.

    Raises:
        ResultsError: one has none.
    """
    for saved in results.saved:
        if not saved.completed.any():
            raise ResultsError(
                f"no replication of `{saved.name}` is completed, so there is nothing to show"
            )


def with_milestone(results: Results, milestone: str) -> list[SavedScenario]:
    """Pick the scenarios that have a milestone.

    Raises:
        ResultsError: none has it.
    """
    having = [saved for saved in results.saved if milestone in saved.ids("milestones")]
    if not having:
        known = dict.fromkeys(item for saved in results.saved for item in saved.ids("milestones"))
        raise ResultsError(f"there is no milestone `{milestone}`; there are {listed(known)}")
    return having


def milestone_about(saved: SavedScenario, milestone: str) -> dict[str, Any]:
    """Give what is known of a milestone: its id, its title and its planned date."""
    about: dict[str, Any] = next(row for row in saved.meta["milestones"] if row["id"] == milestone)
    return about


def require_series(results: Results) -> None:
    """Make sure that monthly series were recorded.

    Raises:
        ResultsError: only dates were; says what to do.
    """
    if results.batch["record"] == "dates":
        raise ResultsError(
            "these results hold dates only, no monthly series; run the scenarios again into another "
            'folder with --record series (in Python: record="series")'
        )


def series_table(results: Results, scenario: str | None, names: Sequence[str]) -> pd.DataFrame:
    """Give some of the monthly series of a scenario.

    Raises:
        ResultsError: there is no such scenario, or nothing or no monthly series were recorded.
    """
    one = one_scenario(results, scenario)
    require_series(one)
    table = one.series()
    return table[table["series"].isin(names)].reset_index(drop=True)


def choose_missions(
    missions: Iterable[Mapping[str, Any]],
    chosen: Sequence[str] | None = None,
    *,
    history: bool = True,
    most: int = MOST_MISSIONS,
) -> pd.DataFrame:
    """Choose the missions that a plot shows, in the order of their planned launches.

    Missions that were asked for are all shown. Otherwise the repeats of a pattern are left to its first
    mission, and of more than 40 missions first the oldest history goes, then what is planned last.
    A repeat is a mission ``<pattern>-<n>`` whose name is that of ``<pattern>-1`` but for the number:
    "Station cargo 7" is one, "ILRS-2 research facilities" is not.

    Args:
        missions: the ``missions`` of a description.
        chosen: ids; by default the rule above.
        history: show what had been flown by the data date.
        most: rows that are not too many.

    Returns:
        Columns ``mission``, ``name``, ``programme``, ``planned``, ``history``, and ``repeats``, how many
        missions the row stands for.

    Raises:
        ResultsError: there is no such mission.
    """
    about = {mission["id"]: mission for mission in missions}
    firsts = {name: name if chosen is not None else _first_of_pattern(name, about) for name in about}
    rows = [
        {
            "mission": name,
            **{key: about[name][key] for key in ("name", "programme", "planned", "history")},
            "repeats": sum(first == name for first in firsts.values()),
        }
        for name in (_known(chosen, about) if chosen is not None else about)
        if firsts[name] == name and (history or chosen is not None or not about[name]["history"])
    ]
    columns = ["mission", "name", "programme", "planned", "history", "repeats"]
    table = pd.DataFrame(rows, columns=columns)
    table["planned"] = pd.to_datetime(table["planned"])
    table = table.sort_values("planned", kind="stable", ignore_index=True)
    return table if chosen is not None else _at_most(table, most)


def by_programme(table: pd.DataFrame, programmes: Mapping[str, str]) -> pd.DataFrame:
    """Put the missions of a programme together, the programmes by their first row; add their titles."""
    first = {programme: number for number, programme in reversed(list(enumerate(table["programme"])))}
    order = table["programme"].map(first).to_numpy().argsort(kind="stable")
    grouped = table.iloc[order].reset_index(drop=True)
    titles = [programmes.get(programme, programme) for programme in grouped["programme"]]
    grouped.insert(list(grouped.columns).index("programme") + 1, "programme_title", titles)
    return grouped


def _known(chosen: Sequence[str], about: Mapping[str, Any]) -> list[str]:
    missing = [name for name in chosen if name not in about]
    if missing:
        raise ResultsError(f"there is no mission `{missing[0]}`; there are {listed(about)}")
    return list(dict.fromkeys(chosen))


def _first_of_pattern(name: str, about: Mapping[str, Mapping[str, Any]]) -> str:
    """The mission that stands for all of its pattern; a mission of no pattern stands for itself."""
    match = _NUMBERED.fullmatch(name)
    first = f"{match['pattern']}-1" if match else name
    if match is None or first not in about:
        return name
    same = _unnumbered(about[name]["name"], match["number"]) == _unnumbered(about[first]["name"], "1")
    return first if same else name


def _unnumbered(name: str, number: str) -> str:
    return re.sub(rf"\b{number}\b", "", name)


def _at_most(table: pd.DataFrame, count: int) -> pd.DataFrame:
    excess = max(0, len(table) - count)
    oldest_history = table.index[table["history"]][:excess]
    return table.drop(oldest_history).iloc[:count].reset_index(drop=True)
