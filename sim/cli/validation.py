"""The verbs about trust: calibrate and hindcast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.cli.console import make_console, print_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console

    from sim.analysis.hindcast import Hindcast, Scored


def print_calibration(out: Path | None, write: bool) -> None:
    """Fit the record, print every fit, and, if wanted, draw it and refresh the shipped file."""
    from sim.analysis import calibration
    from sim.evidence.calibrate import FILE, write_calibration

    console, fits = make_console(), calibration.calibrated()
    console.print(f"Record up to {fits.fit.evidence}. Intervals are 90 percent.\n")
    tables = {
        "slips": calibration.slips(fits),
        "landings": calibration.landings(fits),
        "launches": calibration.launchers(fits),
        "stand-downs": calibration.stand_downs(fits),
        "growth": calibration.growth(fits),
    }
    print_slips(console, tables["slips"])
    print_successes(console, "Landing success", tables["landings"])
    chi_square, freedom = fits.fit.robotic.heterogeneity()
    console.print(
        f"Robotic families against one common probability: chi-square {chi_square:.1f} on {freedom} "
        f"degrees of freedom; to a family the class is worth {fits.fit.robotic.concentration:.1f} "
        "flights.\n"
    )
    print_successes(console, "Launch success", tables["launches"])
    print_stand_downs(console, tables["stand-downs"])
    print_growth(console, tables["growth"])
    if out is not None:
        from sim.plots import calibration as plots

        pictures = {
            "slips": plots.fitted_growth(fits),
            "landings": plots.landing_success(fits),
            "launches": plots.launch_success(fits),
            "stand-downs": plots.fitted_stand_downs(fits),
            "growth": plots.weak_evidence(fits),
        }
        _write(console, out, pictures, tables)
    if write:
        write_calibration(fits.fit)
        console.print(f"wrote {FILE.name}; scenarios that name a reference class follow it from now on")


def print_slips(console: Console, table: pd.DataFrame) -> None:
    """Print how plans slip."""
    rows = [
        [
            row["reference_class"],
            f"{row['missions']} ({row['flown']})",
            str(row["announcements"]),
            f"{row['on_time']:.2f}",
            f"{row['median']:.2f} [{row['low']:.2f}, {row['high']:.2f}]",
            f"{row['sigma']:.2f}",
            f"{row['floor_years']:.2f} to {row['cap_years']:.1f}",
            f"{100 * row['inside_80']:.0f} %",
        ]
        for row in table.to_dict("records")
    ]
    head = [
        "Reference class", "Missions (flown)", "Announce- ments", "Kept", "Median growth of the others",
        "Sigma", "Growing lead [years]", "Inside 80 %",
    ]  # fmt: skip
    print_table(console, "Slips: growth of the lead, drawn towards all agencies", head, rows)


def print_successes(console: Console, title: str, table: pd.DataFrame) -> None:
    """Print success probabilities."""
    rows = [
        [
            row["name"],
            f"{row['successes']} of {row['descents']}" if row["descents"] else "published",
            "-" if pd.isna(row["own"]) else f"{row['own']:.2f}",
            f"{row['mean']:.2f} [{row['low']:.2f}, {row['high']:.2f}]",
            f"Beta({row['a']:.2f}, {row['b']:.2f})",
        ]
        for row in table.to_dict("records")
    ]
    head = ["Family or class", "Record", "Alone", "Mean and interval", "Fit"]
    print_table(console, title, head, rows)


def print_stand_downs(console: Console, table: pd.DataFrame) -> None:
    """Print stand-downs."""
    rows = [
        [
            row["reference_class"],
            f"{row['cases']} ({row['censored']})",
            f"{row['median']:.0f} [{row['low']:.0f}, {row['high']:.0f}]",
            f"{row['sigma']:.2f}",
            f"{row['distance']:.2f} (critical {row['critical']:.2f})",
        ]
        for row in table.to_dict("records")
    ]
    head = ["Reference class", "Cases (censored)", "Median [d]", "Sigma", "Distance of the fit"]
    print_table(console, "Stand-downs: from a failure to the next flight, lognormal", head, rows)


def print_growth(console: Console, table: pd.DataFrame) -> None:
    """Print what there is of growth and common movement."""
    rows = [
        [
            row["what"],
            f"{row['value']:.2f} [{row['low']:.2f}, {row['high']:.2f}]",
            str(row["n"]),
            _shown(row["low"], row["high"], row["no_growth"]),
        ]
        for row in table.to_dict("records")
    ]
    head = ["Growth with experience, common movement", "Estimate and interval", "n", "Shown?"]
    print_table(console, "Weak evidence", head, rows)


def _shown(low: float, high: float, none: float) -> str:
    """Tell whether an interval leaves out what means "no growth"; a share cannot, whatever it is."""
    if isnan(none):
        return "weakly"
    return "not shown" if low <= none <= high else "yes"


def print_hindcast(
    days: Sequence[date], replications: int, seed: int, out: Path | None, write: bool = False
) -> None:
    """Run the hindcasts, print their scores, and, if wanted, draw them."""
    from sim import __version__, studies
    from sim.analysis.hindcast import receding_plans
    from sim.analysis.landing_scores import brier_scores, one_by_one
    from sim.analysis.validation import FILE, validation_of, write_validation

    console, record = make_console(), studies.read_record()
    where = out / "replications" if out else None
    found = studies.hindcast(days or None, replications, seed=seed, out=where)
    left_out = studies.cross_validate(record)
    print_scores(console, "Hindcasts: launch dates", found.scored)
    print_scores(console, "Cross-validation: each mission forecast from the others", left_out)
    print_receding(console, receding_plans(found.scored))
    _print_landings(console, found)
    single = one_by_one(record)
    methods = brier_scores(single, ("maker", "family", "pooled", "coin"))
    told = ", ".join(f"{name} {value:.3f}" for name, value in methods.items())
    console.print(f"Brier scores of {len(single)} landings since 1965, each from those before: {told}.")
    _say_what_it_means(console, found.scored)
    if out is not None:
        _write(console, out, _pictures(found.scored, left_out), {
            "hindcasts": found.scored.table, "scores": found.scored.summary(),
            "cross-validation": left_out.summary(), "landings": found.landings,
        })  # fmt: skip
    if write:
        write_validation(validation_of(found, left_out, record, __version__))
        console.print(f"wrote {FILE.name}; reports quote these scores from now on")


def print_scores(console: Console, title: str, scored: Scored) -> None:
    """Print CRPS and coverage, beside the naive forecasts."""
    rows = [
        [
            row["data_date"],
            f"{row['cases']} ({row['happened']})",
            f"{row['crps']:.2f}",
            f"{row['crps_plan']:.2f}",
            f"{row['crps_mean_slip']:.2f}",
            f"{100 * row['better_than_plan']:.0f} %",
            *(
                f"{100 * row[f'inside_{level}']:.0f} % "
                f"({100 * row[f'inside_{level}_at_least']:.0f}-{100 * row[f'inside_{level}_at_most']:.0f})"
                for level in ("50%", "80%", "90%")
            ),
        ]
        for row in scored.summary().to_dict("records")
    ]
    head = [
        "Data date", "Cases (flown)", "CRPS [years]", "Plan", "Plan + mean slip", "Better than plan",
        "In 50 %", "In 80 %", "In 90 %",
    ]  # fmt: skip
    print_table(console, title, head, rows)


def print_receding(console: Console, table: pd.DataFrame) -> None:
    """Print the plans that recede."""
    dated = {
        name: table[name].dt.strftime("%Y-%m").fillna("-") for name in ("planned", "p10", "p50", "p90")
    }
    rows = zip(
        table["mission"], table["data_date"], *dated.values(),
        table["happened"].dt.strftime("%Y-%m").fillna("not yet"), strict=True,
    )  # fmt: skip
    head = ["Mission", "Seen from", "Plan then", "P10", "P50", "P90", "Launched"]
    print_table(console, "Plans that recede", head, [list(row) for row in rows])


def _print_landings(console: Console, found: Hindcast) -> None:
    from sim.analysis.landing_scores import brier_scores

    table = found.landings
    if table.empty:
        console.print("No landing has been tried since that was planned then.\n")
        return
    scores = brier_scores(table.assign(coin=0.5), ("forecast", "pooled", "coin"))
    rows = [
        [row["mission"], row["data_date"], f"{row['forecast']:.2f}", f"{row['pooled']:.2f}",
         "landed" if row["success"] else "lost"]
        for row in table.to_dict("records")
    ]  # fmt: skip
    head = ["Landing", "Seen from", "Forecast", "All landings so far", "What happened"]
    print_table(console, "Landings", head, rows)
    told = ", ".join(f"{name} {value:.3f}" for name, value in scores.items())
    console.print(f"Brier scores of these {len(table)} forecasts (a coin has 0.25): {told}.\n")


def _say_what_it_means(console: Console, scored: Scored) -> None:
    whole = scored.summary().iloc[-1]
    better, inside = whole["better_than_plan"], whole["inside_80%"]
    console.print(
        f"CRPS {100 * better:.0f} % better than the announced plan (aim: 30 %); 80 % intervals hold "
        f"{100 * inside:.0f} % (aim: 70 to 90 %). In brackets: what it can come to once the rest has flown."
    )


def _pictures(scored: Scored, left_out: Scored) -> Mapping[str, Figure]:
    from sim.plots import hindcast as plots

    days = dict.fromkeys(scored.table["data_date"])
    facts = {f"forecast-{day}": plots.forecast_against_fact(scored, day) for day in days}
    return {
        "intervals": plots.interval_calibration(scored),
        "pit": plots.pit(scored),
        "intervals-left-out": plots.interval_calibration(left_out, "Cross-validation"),
        "pit-left-out": plots.pit(left_out, "Cross-validation"),
        "receding": plots.receding_plan(scored),
        **facts,
    }


def _write(
    console: Console, out: Path, pictures: Mapping[str, Figure], tables: Mapping[str, pd.DataFrame]
) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, figure in pictures.items():
        figure.savefig(out / f"{name}.png", dpi=110)
    for name, table in tables.items():
        table.to_csv(out / f"{name}.csv", index=False)
    console.print(f"wrote {_listed(pictures)} as pictures and {_listed(tables)} as tables to {out}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
