"""How far to trust the dates: scores of past forecasts, what was fitted to the record, what is assumed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from sim import plots
from sim.analysis import calibration
from sim.analysis.hindcast import ALL
from sim.analysis.results import Results
from sim.analysis.saved import SavedScenario
from sim.analysis.validation import Validation, read_validation
from sim.plots.words import percent, scenario_labels
from sim.report.pictures import Picture
from sim.scenario.merge import plainly

MOST_CHANGES = 30
"""Changed values of a scenario that are listed; a page of hundreds would be read by nobody."""
_LONGEST_VALUE = 80

KINDS = {
    "source": "from a published source",
    "derived": "derived from sources",
    "judgement": "a reading of the record, which others could read otherwise",
    "recalled": "recalled from the literature, without a source at hand",
    "assumption": "assumed, with the reasoning",
    "none": "without a basis",
}


@dataclass(frozen=True)
class Grid:
    """A plain table.

    Attributes:
        head: names of the columns.
        rows: texts, the first of each names its row.
    """

    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Change:
    """What a scenario sets otherwise than the reference."""

    label: str
    grid: Grid
    left_out: int


@dataclass(frozen=True)
class Assumed:
    """What the numbers of the reference rest on, and what the others change."""

    counts: list[str]
    grid: Grid
    changes: list[Change]


@dataclass(frozen=True)
class Trust:
    """What is known of how good such forecasts are."""

    sentences: list[str]
    scores: Grid
    fits: list[tuple[str, Grid]]


@lru_cache(maxsize=1)
def trust() -> Trust:
    """Tell the scores of the hindcasts and the fits to the record; both come with the program."""
    validation = read_validation()
    return Trust(_sentences(validation), _scores(validation), _fits())


def trust_pictures() -> list[Picture]:
    """The pictures of the section."""
    validation, fits = read_validation(), calibrated()
    intervals = plots.interval_calibration_table(validation.scored)
    inside = ", ".join(f"{row['level']:.0%}: {row['inside']:.0%}" for row in intervals.to_dict("records"))
    receding = plots.receding_plan_table(validation.scored)
    plans = ", ".join(
        f"{row['mission']} seen from {row['data_date'][:4]}: plan {row['planned']:%Y-%m}, "
        f"P50 {row['p50']:%Y-%m}"
        for row in receding.to_dict("records")
    )
    growth = {name: fit.median for name, fit in fits.fit.slips.items()}
    medians = ", ".join(f"{name} {growth[name]:.2f}" for name in plots.calibration.SHOWN_SLIPS)
    return [
        Picture("intervals", "trust", "", "How often did what happened lie inside the forecast intervals?",
                f"Share of missions inside central intervals. {inside}.",
                partial(plots.interval_calibration, validation.scored)),
        Picture("receding", "trust", "", "Plans that recede, and what would have been forecast then.",
                f"Plans and forecasts. {plans}.", partial(plots.receding_plan, validation.scored)),
        Picture("growth", "trust", "", "How leads grow: the fits (smooth) against the record (steps).",
                f"Median growth of the leads of missions that are not on time: {medians}.",
                partial(plots.fitted_growth, fits)),
    ]  # fmt: skip


@lru_cache(maxsize=1)
def calibrated() -> calibration.Fits:
    """The fits to the shipped record, made once."""
    return calibration.calibrated()


def assumed(results: Results, reference: str) -> Assumed | None:
    """List what numbers rest on; None for results of a version that did not write it down."""
    base = results[reference].saved[0]
    rows = base.meta.get("assumptions")
    if not rows:
        return None
    known = Counter(row["kind"] for row in rows)
    counts = [f"{known[kind]} {words}" for kind, words in KINDS.items() if known[kind]]
    counts += [f"{number} {kind}" for kind, number in known.items() if kind not in KINDS]
    labels = scenario_labels(results.saved)
    changes = [
        _change(labels[saved.name], saved, base) for saved in results.saved if saved.name != reference
    ]
    return Assumed(counts, _values(rows), [change for change in changes if change.grid.rows])


def _values(rows: Sequence[Mapping[str, Any]]) -> Grid:
    head = ["Parameter", "Value", "Unit", "Rests on"]
    return Grid(head, [[row["parameter"], row["value"], row["unit"], row["basis"]] for row in rows])


def _change(label: str, saved: SavedScenario, base: SavedScenario) -> Change:
    """What a scenario sets otherwise, and what that rests on where it is a number."""
    before, now = dict(_settings(base.meta["effective"])), dict(_settings(saved.meta["effective"]))
    basis = {row["parameter"]: row["basis"] for row in saved.meta["assumptions"] if row["kind"] != "none"}
    keys = [key for key in {**now, **before} if now.get(key) != before.get(key) and key != "title"]
    rows = [
        [key, _short(before.get(key)), _short(now.get(key)), _basis_of(key, basis)]
        for key in keys
        if now.get(key) or before.get(key)
    ]
    head = ["Setting", "Reference", "Here", "Rests on"]
    return Change(label, Grid(head, rows[:MOST_CHANGES]), max(0, len(rows) - MOST_CHANGES))


def _settings(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every single setting by its dotted key."""
    if not isinstance(value, dict):
        yield key, value
        return
    for name, item in value.items():
        yield from _settings(item, f"{key}.{name}" if key else str(name))


def _basis_of(key: str, basis: Mapping[str, str]) -> str:
    """What a setting rests on: that of the nearest key above it that says so."""
    while key and key not in basis:
        key = key.rpartition(".")[0]
    return basis.get(key, "")


def _short(value: Any) -> str:
    """Write a value so that it fits into a cell."""
    if value is None or value == []:
        return "not set"
    text = plainly(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _sentences(validation: Validation) -> list[str]:
    whole = _whole(validation)
    made, left_out, brier = validation.made, validation.left_out, validation.brier
    return [
        f"Forecasts made in the same way from {_years(validation)}, with what was known then, were "
        f"{whole['better_than_plan']:.0%} nearer to what happened than the announced plans (CRPS "
        f"{whole['crps']:.2f} against {whole['crps_plan']:.2f} years, {whole['cases']} forecasts of which "
        f"{whole['happened']} have flown, evidence up to {made['evidence']}).",
        f"Their 80 % intervals held {whole['inside_80%']:.0%} of the missions; once all have flown it may "
        f"be {whole['inside_80%_at_least']:.0%} to {whole['inside_80%_at_most']:.0%}. With each mission "
        f"left out of the fit in turn it is {left_out['inside_80%']:.0%} of {left_out['cases']} forecasts, "
        f"{left_out['better_than_plan']:.0%} nearer than the plans.",
        f"Landings are forecast no better than by a coin: Brier score {brier['forecast']:.3f} in "
        f"{brier['count']:.0f} forecasts, where always saying one half gives {brier['coin']:.3f}."
        if brier["forecast"] >= brier["coin"]
        else f"Brier score of {brier['count']:.0f} landings: {brier['forecast']:.3f} (a coin: "
        f"{brier['coin']:.3f}).",
        "What comes after the dates of the record (stations, crews, reactors on the Moon) has no past to "
        "be tested on.",
    ]


def _years(validation: Validation) -> str:
    days = list(dict.fromkeys(validation.scored.table["data_date"]))
    return f"{days[0][:4]} to {days[-1][:4]}"


def _whole(validation: Validation) -> dict[Any, Any]:
    rows: list[dict[Any, Any]] = validation.scored.summary().to_dict("records")
    return rows[-1]


def _scores(validation: Validation) -> Grid:
    head = ["Seen from", "Forecasts (flown)", "CRPS [years]", "Announced plan", "Plan + mean slip",
            "In 50 %", "In 80 %", "In 90 %"]  # fmt: skip
    rows = [
        [
            "all" if row["data_date"] == ALL else str(row["data_date"]),
            f"{row['cases']} ({row['happened']})",
            *(f"{row[name]:.2f}" for name in ("crps", "crps_plan", "crps_mean_slip")),
            *(percent(row[f"inside_{level}%"]) for level in (50, 80, 90)),
        ]
        for row in validation.scored.summary().to_dict("records")
    ]
    return Grid(head, rows)


def _fits() -> list[tuple[str, Grid]]:
    """The fits as they stand in the tables of `ilrs calibrate`."""
    fits = calibrated()
    slips = [
        [row["reference_class"], f"{row['missions']} ({row['flown']})", f"{row['on_time']:.2f}",
         f"{row['median']:.2f} [{row['low']:.2f}, {row['high']:.2f}]", percent(row["inside_80"])]
        for row in calibration.slips(fits).to_dict("records")
    ]  # fmt: skip
    landed = [
        [row["name"], f"{row['successes']} of {row['descents']}",
         f"{row['mean']:.2f} [{row['low']:.2f}, {row['high']:.2f}]",
         f"Beta({row['a']:.2f}, {row['b']:.2f})"]
        for row in calibration.landings(fits).to_dict("records")
    ]  # fmt: skip
    downs = [
        [row["reference_class"], f"{row['cases']} ({row['censored']})",
         f"{row['median']:.0f} [{row['low']:.0f}, {row['high']:.0f}]",
         f"{row['distance']:.2f} (critical {row['critical']:.2f})"]
        for row in calibration.stand_downs(fits).to_dict("records")
    ]  # fmt: skip
    return [
        ("Slips: growth of the lead",
         Grid(["Class", "Missions (flown)", "Kept", "Median growth of the others, 90 %", "In 80 %"],
              slips)),
        ("Landings", Grid(["Family or class", "Record", "Success probability, 90 %", "Fit"], landed)),
        ("Stand-downs after a failure",
         Grid(["Class", "Cases (censored)", "Median days, 90 %", "Distance of the fit"], downs)),
    ]  # fmt: skip
