"""The register of assumptions in the terminal: which numbers move a milestone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.common import print_json
from sim.cli.console import make_console, print_table
from sim.scenario.merge import plainly

if TYPE_CHECKING:
    from sim.analysis.register import Register

_MOST = 20


def show_effects(
    file: str,
    settings: Mapping[str, str],
    overrides: Sequence[str | Path],
    only: str,
    as_json: bool,
    **options: Any,
) -> None:
    """Run the scenario with each number smaller and larger, and rank what moves a milestone."""
    from sim.api import resolve_one
    from sim.studies import assumption_register

    milestone = options["effects"]
    try:
        known = resolve_one(file, settings, overrides).scenario.milestones
        if milestone not in known:
            raise click.UsageError(f"there is no milestone `{milestone}`; there are {', '.join(known)}")
        found = assumption_register(
            file, options["replications"], only=only, share=options["share"], settings=settings,
            overrides=overrides, out=options["out"], progress=not as_json,
        )  # fmt: skip
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    table = found.strongest(milestone, _MOST)
    if as_json:
        print_json(table.to_dict("records"))
        return
    console = make_console()
    moving = table[table[["smaller", "larger"]].abs().max(axis=1) > 0]
    rows = [
        [
            row["parameter"],
            _short(row["value"]),
            _effect(row, "smaller"),
            _effect(row, "larger"),
            row["kind"],
        ]
        for row in moving.to_dict("records")
    ]
    head = ["Number", "Value", "Smaller [months]", "Larger [months]", "Rests on"]
    title = f"{known[milestone].title}: what {100 * found.share:.0f} percent less or more of a number does"
    print_table(console, title, head, rows)
    count = len({trial.assumption.parameter for trial in found.trials})
    console.print(
        f"{count} numbers, {found.base.replications} replications of each, on the same luck: months by "
        "which the mean date is later (+) or earlier (-), with one standard error. "
        f"{count - _number_that_move(found, milestone)} change nothing."
    )
    if found.untried:
        console.print(
            f"{len(found.untried)} values were not tried, because the scenario does not allow them."
        )


def _number_that_move(found: Register, milestone: str) -> int:
    table = found.table()
    moving = table[(table["milestone"] == milestone) & (table["months"] != 0)]
    return int(moving["parameter"].nunique())


def _short(value: Any) -> str:
    text = plainly(value)
    return text if len(text) <= 24 else f"{text[:22]} …"


def _effect(row: Mapping[Any, Any], end: str) -> str:
    value, error = row[end], row[f"{end}_se"]
    if value != value:
        return "not tried"
    return f"{value:+.1f} +- {error:.1f}" if error else "0" if not value else f"{value:+.1f}"
