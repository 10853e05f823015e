"""The verb that finds drivers: tables on the terminal, and files if they are wanted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.common import print_json
from sim.cli.console import make_console, print_table

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from sim.analysis.driven import Drivers

_MOST = 12


def show_drivers(file: str, settings: dict[str, str], **options: Any) -> None:
    """Run what is needed, print the tables, and write them if asked to."""
    from sim.scenario.load import load_all
    from sim.studies import drivers

    overrides = options["overrides"]
    names = [row for item in load_all([file], settings, overrides) for row in item.scenario.milestones]
    milestone = options["milestone"]
    if milestone not in names:
        known = ", ".join(dict.fromkeys(names))
        raise click.UsageError(f"there is no milestone `{milestone}`; there are {known}")
    try:
        found = drivers(
            file, options["replications"], tornado=options["tornado"], sobol=options["sobol"],
            seed=options["seed"], settings=settings, overrides=overrides, workers=options["workers"],
        )  # fmt: skip
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    by = options["by"]
    if options["as_json"]:
        tables = _tables(found, milestone, by)
        print_json({name: table.to_dict("records") for name, table in tables.items()})
    else:
        _print(make_console(), found, milestone, by)
    if options["out"] is not None:
        make_console(stderr=options["as_json"]).print(_write(found, milestone, by, options["out"]))


def _print(console: Console, found: Drivers, milestone: str, by: str | None) -> None:
    title = next(row["title"] for row in found.meta["milestones"] if row["id"] == milestone)
    console.print(f"{title}: what drives it ({found.replications} replications in all)\n")
    if found.ends is not None:
        _print_tornado(console, found, milestone)
    _print_correlations(console, found, milestone)
    if found.runs is not None:
        _print_indices(console, found, milestone)
    _print_regions(console, found, milestone, by)
    console.print("In mean dates, what is not reached by the horizon counts as the horizon.", style="dim")


def _print_tornado(console: Console, found: Drivers, milestone: str) -> None:
    from sim.analysis.comparison import in_months

    rows = [
        [row["unknown"], *(in_months(row[key], row[f"{key}_se"]) for key in
         ("p10_months", "p90_months", "swing_months"))]
        for row in found.tornado(milestone).head(_MOST).to_dict("records")
    ]  # fmt: skip
    head = ["Unknown", "at its P10 [months]", "at its P90 [months]", "swing [months]"]
    print_table(console, "Tornado: mean date against nothing changed, on the same luck", head, rows)


def _print_correlations(console: Console, found: Drivers, milestone: str) -> None:
    register = found.assumptions()
    surely = set(register.loc[register["matters"] & (register["milestone"] == milestone), "unknown"])
    names = found.correlations(milestone)["unknown"].head(_MOST)
    rows = [
        [
            row["unknown"], f"{row['rank_correlation']:+.2f}", f"{row['low']:+.2f} to {row['high']:+.2f}",
            f"{100 * row['first_order']:.0f} +- {100 * row['first_order_se']:.0f} %",
        ]
        for row in found.correlations(milestone).head(_MOST).to_dict("records")
    ]  # fmt: skip
    rows = [
        [row[0] + ("" if name in surely else " (?)"), *row[1:]]
        for row, name in zip(rows, names, strict=True)
    ]
    head = ["Unknown", "rank correlation", "90 % interval", "of the variance"]
    title = "Rank correlations with the date; (?) may be chance, given how many were looked at"
    print_table(console, title, head, rows)


def _print_indices(console: Console, found: Drivers, milestone: str) -> None:
    rows = [
        [
            row["factor"], f"{row['first']:.2f}", f"{row['first_low']:.2f} to {row['first_high']:.2f}",
            f"{row['total']:.2f}", f"{row['total_low']:.2f} to {row['total_high']:.2f}",
        ]
        for row in found.indices(milestone).head(_MOST).to_dict("records")
    ]  # fmt: skip
    head = ["Factor", "first index", "90 % interval", "total index", "90 % interval"]
    print_table(console, "Sobol indices of the date, from the simulator itself", head, rows)


def _print_regions(console: Console, found: Drivers, milestone: str, by: str | None) -> None:
    table = found.regions(milestone, by)
    rows = [
        [
            row["region"], f"{100 * row['share']:.0f} %", f"{100 * row['failing']:.0f} %",
            f"{100 * row['failing_low']:.0f} to {100 * row['failing_high']:.0f} %",
        ]
        for row in table.to_dict("records")
    ]  # fmt: skip
    limit = "the horizon" if by is None else by
    overall = 100 * float(table["overall"].iloc[0])
    title = f"Where it is missed by {limit} (everywhere: {overall:.0f} %)"
    print_table(console, title, ["Region", "of all", "missed", "90 % interval"], rows)
    sure = (100 * table["failing_low"] > overall) | (100 * table["failing_high"] < overall)
    if not sure.any():
        console.print("No region differs surely from the whole: more replications (-n) may find some.\n")


def _tables(found: Drivers, milestone: str, by: str | None) -> dict[str, pd.DataFrame]:
    """What was found, without what was not asked for."""
    tables = {
        "correlations": found.correlations(milestone),
        "regions": found.regions(milestone, by),
        "assumptions": found.assumptions(),
    }
    if found.ends is not None:
        tables["tornado"] = found.tornado(milestone)
    if found.runs is not None:
        tables["sobol"] = found.indices(milestone)
    return tables


def _write(found: Drivers, milestone: str, by: str | None, out: Path) -> str:
    from sim import plots

    out.mkdir(parents=True, exist_ok=True)
    tables = _tables(found, milestone, by)
    pictures = {
        "correlations": plots.rank_correlations(found, milestone),
        "regions": plots.failure_regions(found, milestone, by),
    }
    if found.ends is not None:
        pictures["tornado"] = plots.tornado(found, milestone)
    if found.runs is not None:
        pictures["sobol"] = plots.sobol_indices(found, milestone)
    for name, table in tables.items():
        table.to_csv(out / f"{name}.csv", index=False)
    for name, picture in pictures.items():
        picture.savefig(out / f"{name}.png", dpi=150)
    return f"wrote {len(tables)} tables and {len(pictures)} pictures to {out}"
