"""The verb that checks: mistakes first, then a few replications to find what can never happen."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from sim.cli.common import EXIT_WRONG_SCENARIO, print_json
from sim.cli.console import make_console, print_list, wrapped
from sim.scenario.draft import find_file, member_of
from sim.scenario.load import Resolved, load_all
from sim.scenario.problems import ScenarioError

_BRIEF = 12  # remarks that are shown of one scenario


def check_files(
    files: Sequence[str], settings: dict[str, str], overrides: Sequence[str], smoke: bool, as_json: bool
) -> int:
    """Check files, say what is fine, then run a few replications.

    Returns:
        Exit status.
    """
    try:
        resolved = load_all(files, settings, overrides)
    except ScenarioError as error:
        if not as_json:
            raise
        print_json({"fine": False, "problems": [_as_data(problem) for problem in error.problems]})
        return EXIT_WRONG_SCENARIO
    if not as_json:
        for item in resolved:
            _say_fine(item)
    remarks = {item.name: _smoke(item, as_json) for item in resolved} if smoke else {}
    if smoke and not settings and not overrides:
        for file in (file for file in files if member_of(file) is None):
            _tell_idle(find_file(file), remarks, as_json)
    if as_json:
        print_json({"fine": True, "scenarios": [_about(item, remarks.get(item.name)) for item in resolved]})
    return 0


def _say_fine(item: Resolved) -> None:
    scenario = item.scenario
    said = f"{item.name}: fine ({len(scenario.missions)} missions, data date {scenario.data_date}, "
    click.echo(wrapped(f"{said}horizon {scenario.horizon})"))


def _smoke(item: Resolved, quiet: bool) -> list[str]:
    """Run a few replications, and say what can never happen."""
    from sim.batch.smoke import SMOKE_REPLICATIONS, smoke

    started = time.monotonic()
    remarks = smoke(item)
    if not quiet:
        took = time.monotonic() - started
        what = f"smoke run of {SMOKE_REPLICATIONS} replications, and one in which all goes well"
        click.echo(wrapped(f"{item.name}: {what}, {took:.1f} s{':' if remarks else ''}"))
        console = make_console()
        print_list(console, [("  -", remark) for remark in remarks[:_BRIEF]])
        if len(remarks) > _BRIEF:
            console.print(f"  and {len(remarks) - _BRIEF} more; --json lists all")
    return remarks


def _tell_idle(path: Path, remarks: dict[str, list[str]], quiet: bool) -> None:
    from sim.batch.smoke import idle_settings

    found = idle_settings(path)
    remarks.setdefault(path.stem, []).extend(found)
    if not quiet:
        print_list(make_console(), [("  -", remark) for remark in found])


def _as_data(problem: Any) -> dict[str, Any]:
    origin = problem.origin
    where = {"file": origin.file, "line": origin.line, "column": origin.column}
    return {**where, "path": problem.path, "message": problem.message}


def _about(item: Resolved, remarks: list[str] | None) -> dict[str, Any]:
    scenario = item.scenario
    about = {
        "name": item.name,
        "title": scenario.title,
        "missions": len(scenario.missions),
        "data_date": scenario.data_date,
        "horizon": scenario.horizon,
        "digest": item.digest(),
    }
    return about if remarks is None else {**about, "remarks": remarks}
