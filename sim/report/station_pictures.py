"""The pictures of the station in a report: which there are, what they show, and their numbers in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis.results import Results
from sim.analysis.saved import SavedScenario
from sim.analysis.tables import month_text
from sim.plots.words import percent
from sim.report.descriptions import YEARS_BETWEEN

_YEARS = (1, 5, 10)


@dataclass(frozen=True)
class StationPicture:
    """A picture that is drawn of one scenario.

    Attributes:
        plot: the function of `sim.plots` that draws it.
        section: of the page.
        caption: what it shows and how to read it.
        describe: writes its table in words.
        needs: the table of the description without which there is nothing to show.
        of_series: True if it shows monthly series.
    """

    plot: str
    section: str
    caption: str
    describe: Callable[[pd.DataFrame], str]
    needs: str = "months"
    of_series: bool = True

    def is_shown(self, results: Results, saved: SavedScenario) -> bool:
        """Tell whether there is something to show."""
        recorded = not self.of_series or results.batch["record"] != "dates"
        return recorded and bool(saved.meta[self.needs])


def of_people(table: pd.DataFrame) -> str:
    """Tell the mean number of people, every five years and at the end."""
    rows = []
    for label, curve in table.groupby("label", sort=False):
        points = [f"{month_text(row['month'])} {row['smooth']:.2f}" for row in _sampled(curve)]
        rows.append(f"{label}: {', '.join(points)}.")
    return f"Mean number of people at the station. {' '.join(rows)}"


def of_fan(table: pd.DataFrame) -> str:
    """Tell P10, median and P90, every five years and at the end."""
    rows = [
        f"{month_text(row['month'])}: {row['p50']:,.0f} ({row['p10']:,.0f} to {row['p90']:,.0f})."
        for row in _sampled(table)
    ]
    return f"Median, and P10 to P90 in brackets. {' '.join(rows)}"


def of_abilities(table: pd.DataFrame) -> str:
    """Tell what the station can do: means, every five years and at the end."""
    wide = table.pivot(index="month", columns="series", values="mean").reset_index()
    rows = [
        f"{month_text(row['month'])}: firm power {row['firm_power_kw']:.1f} kW, science elements "
        f"{row['science_elements']:.1f}, people {row['crew_at_station']:.1f}."
        for row in _sampled(wide)
    ]
    return f"Means of what the station can do. {' '.join(rows)}"


def of_sources(table: pd.DataFrame) -> str:
    """Tell the mean powers, every five years and at the end."""
    wide = table.pivot(index="month", columns="series", values="mean").reset_index()
    names = [name for name in wide.columns if name != "month"]
    rows = []
    for row in _sampled(wide):
        powers = [f"{str(name).removesuffix('_kw').replace('_', ' ')} {row[name]:.1f} kW" for name in names]
        rows.append(f"{month_text(row['month'])}: {', '.join(powers)}.")
    return f"Mean power. {' '.join(rows)}"


def of_shortfalls(table: pd.DataFrame) -> str:
    """Tell the hours of shortfall of each class, by span of five years."""
    spans = (table["month"].dt.year // YEARS_BETWEEN) * YEARS_BETWEEN
    hours = table.groupby(["load_class", spans], sort=False)["hours"].sum()
    rows = []
    for name in table["load_class"].unique():
        parts = [f"{value:.1f} h from {year}" for year, value in hours[name].items()]
        rows.append(f"{name}: {', '.join(parts)}.")
    return (
        f"Hours with too little power, mean over the replications, in spans of five years. {' '.join(rows)}"
    )


def of_survival(table: pd.DataFrame) -> str:
    """Tell the share that is still there after one, five and ten years."""
    rows = []
    for _, curve in table.groupby("id", sort=False):
        points = []
        for age in _YEARS:
            until = curve[curve["years"] <= age]
            if len(until) and curve["years"].max() >= age and pd.notna(until["alive"].iloc[-1]):
                points.append(f"{percent(until['alive'].iloc[-1])} after {age} years")
        count = curve["count"].iloc[0]
        rows.append(f"{curve['name'].iloc[0]} ({count}): {', '.join(points) or 'not seen for a year'}.")
    return f"Share that is still there. {' '.join(rows)}"


def of_gates(table: pd.DataFrame) -> str:
    """Tell of each condition how often it came last, or never, and when it came."""
    rows = []
    for row in table.to_dict("records"):
        when = "" if pd.isna(row["p50"]) else f", P50 {month_text(row['p50'])}"
        rows.append(
            f"{row['gate']}, {row['condition']}: last in {percent(row['last'])}, never in "
            f"{percent(row['missing'])}{when}."
        )
    return f"Which condition binds. {' '.join(rows)}"


STATION = (
    StationPicture(
        "landed_mass",
        "elements",
        "Mass landed at the station so far [t]: bands from P5 to P95, P10 to P90 and P25 to P75, median "
        "and mean.",
        of_fan,
    ),
    StationPicture(
        "capability",
        "elements",
        "What the station can do: firm power, elements of science at work, people; bands as above.",
        of_abilities,
    ),
    StationPicture(
        "power_margin",
        "power-station",
        "Power to spare in each month: what was available and not needed, less what was needed and not "
        "served. The strip is dark where the month is.",
        of_fan,
    ),
    StationPicture(
        "power_by_source",
        "power-station",
        "Where the power comes from (areas), against installed and firm power, load and what is served; "
        "means over the replications.",
        of_sources,
    ),
    StationPicture(
        "shortfall_heat",
        "power-station",
        "Hours of each month with too little power, by class of loads; mean over the replications, on the "
        "right their sum.",
        of_shortfalls,
    ),
    StationPicture(
        "element_survival",
        "elements",
        "Survival of elements: the share of those commissioned that is still there by age; in brackets how "
        "many came in all replications. What still stands at the horizon is censored.",
        of_survival,
        needs="elements",
        of_series=False,
    ),
    StationPicture(
        "function_survival",
        "elements",
        "How long each function of the station goes on after the silence, or after the last delivery; in "
        "brackets in how many replications it was there then.",
        of_survival,
        needs="functions",
        of_series=False,
    ),
    StationPicture(
        "gate_bars",
        "elements",
        "What the gates wait for: how often each condition comes last, or never; on the right when it "
        "holds in half of the replications.",
        of_gates,
        needs="gate_parts",
        of_series=False,
    ),
    StationPicture(
        "stock",
        "elements",
        "The first commodity in store: bands from P5 to P95, P10 to P90 and P25 to P75, median and mean.",
        of_fan,
        needs="commodities",
    ),
)


def _sampled(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """The rows of every fifth January and of the last month."""
    months = table["month"]
    regular = (months.dt.month == 1) & (months.dt.year % YEARS_BETWEEN == 0)
    chosen: list[dict[Any, Any]] = table[regular | (months == months.max())].to_dict("records")
    return chosen
