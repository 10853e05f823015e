"""What the pictures of a report show, in words and numbers: their alternative texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.analysis.tables import month_text
from sim.nature.calendar import DAYS_PER_MONTH
from sim.plots.missions import in_order
from sim.plots.words import percent

YEARS_BETWEEN = 5


def of_probability(rows: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Tell the S-curves of a milestone: when 10, 50 and 80 percent have reached it, how many do at all."""
    curves = []
    for row in rows.to_dict("records"):
        points = [
            f"{name[1:]} % by {month_text(row[name])}"
            for name in ("p10", "p50", "p80")
            if pd.notna(row[name])
        ]
        points.append(f"{percent(row['reached'])} by the horizon")
        if pd.notna(row["planned"]):
            points.append(f"planned {month_text(row['planned'])}")
        curves.append(f"{labels[row['scenario']]}: {', '.join(points)}.")
    title = rows["title"].iloc[0]
    return f"Curves of the probability that {title} has been reached. {' '.join(curves)}"


def of_differences(table: pd.DataFrame) -> str:
    """Tell a forest plot of mean dates: each difference with its paired interval."""
    rows = [
        f"{row['title']}, {row['label']}: "
        f"{row['difference']:+.1f} ({row['low']:+.1f} to {row['high']:+.1f})."
        for row in table.to_dict("records")
        if pd.notna(row["difference"])
    ]
    return (
        f"Months by which the mean date is later than in {table['reference_label'].iloc[0]}, "
        f"with 90 percent intervals. {' '.join(rows)}"
    )


def of_gantt(table: pd.DataFrame) -> str:
    """Tell planned and simulated launches of the missions that had not flown."""
    rows = [_launch_in_words(row) for row in table.to_dict("records") if not row["history"]]
    return f"Planned and simulated launches. {' '.join(rows)}"


def _launch_in_words(row: dict[Any, Any]) -> str:
    dates = [
        f"{word} {month_text(row[name])}"
        for name, word in (("planned", "planned"), ("p10", "P10"), ("p50", "P50"), ("p90", "P90"))
        if pd.notna(row[name])
    ]
    dates.append(f"launched in {percent(row['launched'])}")
    return f"{row['name']}: {', '.join(dates)}."


def of_slips(table: pd.DataFrame) -> str:
    """Tell the slips of the missions: median, P10 and P90, and how often each is never launched."""
    rows = []
    for row in table.to_dict("records"):
        points = [
            f"{word} {row[name]:+.0f}"
            for name, word in (("p50", "median"), ("p10", "P10"), ("p90", "P90"))
            if pd.notna(row[name])
        ]
        if row["history"]:
            points = [f"flown {row['p50']:+.0f}"]
        elif row["never"] > 0:
            points.append(f"never launched in {percent(row['never'])}")
        rows.append(f"{row['name']} ({row['planned']:%Y}): {', '.join(points)}.")
    return f"Months by which the launches are later than planned. {' '.join(rows)}"


def of_delays(table: pd.DataFrame) -> str:
    """Tell delays by cause: the months of each, scenario by scenario."""
    rows = []
    for label, part in table.groupby("label", sort=False):
        first = part.iloc[0]
        if pd.isna(first["delay"]):
            rows.append(f"{label}: never reached.")
            continue
        causes = zip(part["cause_label"], part["months"], strict=True)
        months = [f"{cause} {value:.0f}" for cause, value in causes if value >= 0.5]
        rows.append(
            f"{label}: {first['delay']:.0f}, of which {', '.join(months)}; mean date "
            f"{month_text(first['mean_date'])}, reached in {percent(first['reached'])}."
        )
    return f"Mean months of delay by cause. {' '.join(rows)}"


def of_precision(table: pd.DataFrame) -> str:
    """Tell how half of the 90 percent interval shrinks, and what a month takes."""
    rows = []
    for quantity, part in table.groupby("quantity", sort=False):
        known = part[part["half_width"].notna()]
        points = [
            f"{row['half_width']:.1f} months at {row['replications']}" for row in known.to_dict("records")
        ]
        last = part.iloc[-1]
        takes = "" if pd.isna(last["needed"]) else f"; a month takes {last['needed']}"
        rows.append(f"{quantity}: {', '.join(points) or 'no interval with an end'}{takes}.")
    return f"Half of the 90 percent interval by the number of replications. {' '.join(rows)}"


def of_outcomes(table: pd.DataFrame, outcomes: Sequence[str]) -> str:
    """Tell the shares of the outcomes that occur, mission by mission."""
    rows = []
    for row in table.to_dict("records"):
        shares = [f"{name} {percent(row[name])}" for name in in_order(outcomes) if row[name] > 0]
        rows.append(f"{row['name']}: {', '.join(shares)}.")
    return f"Outcomes of the missions. {' '.join(rows)}"


def of_waterfall(table: pd.DataFrame) -> str:
    """Tell a waterfall: the months of each cause, and the mean date."""
    rows = [
        f"{row['label']}: {row['days'] / DAYS_PER_MONTH:.1f}."
        for row in table.to_dict("records")
        if row["kind"] != "total"
    ]
    return f"Months by cause from the data date on. {' '.join(rows)} {table['label'].iloc[-1]}."


def of_path(table: pd.DataFrame) -> str:
    """Tell a path diagram: how often each mission is on the critical path."""
    rows = [
        f"{row['name']}: {percent(row['share'])}." for row in table[table["after"] == ""].to_dict("records")
    ]
    return f"Missions on the critical path in the order of time. {' '.join(rows)}"


def of_dependence(table: pd.DataFrame) -> str:
    """Tell the rank correlations that are no chance, milestone by milestone."""
    rows = [
        f"{part['title'].iloc[0]}: "
        + ", ".join(f"{row['unknown']} {row['rank_correlation']:+.2f}" for row in part.to_dict("records"))
        + "."
        for _, part in table[table["matters"].astype(bool)].groupby("milestone", sort=False)
    ]
    return f"What the milestones hang on. {' '.join(rows) or 'Nothing stands out from chance.'}"


def of_phases(table: pd.DataFrame) -> str:
    """Tell the shares of the phases, every five years and at the end."""
    rows = []
    for month, at in _sampled(table):
        shares = [f"{row['title']} {percent(row['share'])}" for row in at if row["share"] > 0]
        rows.append(f"{month}: {', '.join(shares)}.")
    return f"Share of the replications in each phase. {' '.join(rows)}"


def of_power(table: pd.DataFrame) -> str:
    """Tell mean power and load, every five years and at the end."""
    rows = []
    for month, at in _sampled(table):
        means = [f"{row['series'].partition('_')[0]} {row['mean']:.0f} kW" for row in at]
        rows.append(f"{month}: {', '.join(means)}.")
    return f"Mean power and load of the station. {' '.join(rows)}"


def _sampled(table: pd.DataFrame) -> list[tuple[str, list[dict[Any, Any]]]]:
    """The rows of every fifth January and of the last month."""
    months = table["month"]
    regular = (months.dt.month == 1) & (months.dt.year % YEARS_BETWEEN == 0)
    chosen = table[regular | (months == months.max())]
    return [(month_text(month), rows.to_dict("records")) for month, rows in chosen.groupby("month")]
