"""The verbs about scenario files: list, new, check, show, assumptions, schema."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from sim.cli.common import (
    as_json,
    complete_scenario,
    guarded,
    main,
    print_json,
    scenario_argument,
    with_changes,
    writable,
)


@main.command("list")
@as_json
@guarded
def list_scenarios(as_json: bool) -> None:
    r"""List the shipped scenarios and the questions they answer.

    \b
    Example:
      ilrs list
    """
    from sim.cli.console import make_console, print_list
    from sim.scenario.index import shipped_entries

    entries = shipped_entries()
    if as_json:
        print_json([entry._asdict() for entry in entries])
        return
    rows = [(entry.name, entry.question + (" (sweep)" if entry.sweep else "")) for entry in entries]
    print_list(make_console(), rows)


@main.command()
@click.argument("name")
@click.option(
    "--from",
    "parent",
    default="baseline",
    show_default=True,
    help="Scenario to build on.",
    shell_complete=complete_scenario,
)
@guarded
def new(name: str, parent: str) -> None:
    r"""Write a scenario file NAME.yaml with comments, ready to edit.

    \b
    Example:
      ilrs new late-and-lost --from luna-slips
    """
    from sim.cli.beginning import write_new

    path = write_new(name, parent)
    click.echo(f"wrote {path}\n\nTry next:\n  edit {path}\n  ilrs check {path}\n  ilrs run {path} --quick")


@main.command()
@scenario_argument("files", nargs=-1, required=True)
@with_changes
@click.option("--smoke/--no-smoke", default=True, help="Also run a few replications. [default: smoke]")
@as_json
@guarded
def check(
    files: tuple[str, ...],
    settings: tuple[tuple[str, str], ...],
    overrides: tuple[str, ...],
    smoke: bool,
    as_json: bool,
) -> None:
    r"""Check scenario FILES: all mistakes at once, each with its line and its mend.

    A scenario that is fine is then run a few times, to find what can never happen: a gate that nothing can
    open, a mission that never flies, a setting that changes nothing.

    \b
    Example:
      ilrs check my-scenario.yaml
    """
    from sim.cli.checking import check_files

    sys.exit(check_files(files, dict(settings), overrides, smoke, as_json))


@main.command()
@scenario_argument("file")
@with_changes
@click.option("--only", metavar="KEY", default="", help="Show what stands under this dotted key.")
@click.option(
    "--diff",
    "other",
    metavar="OTHER",
    help="Show what differs in scenario OTHER.",
    shell_complete=complete_scenario,
)
@as_json
@guarded
def show(
    file: str,
    settings: tuple[tuple[str, str], ...],
    overrides: tuple[str, ...],
    only: str,
    other: str | None,
    as_json: bool,
) -> None:
    r"""Show a scenario FILE resolved: every value, and the file and line that it comes from.

    \b
    Examples:
      ilrs show luna-slips --only delays
      ilrs show baseline --diff luna-slips
    """
    from sim.cli.showing import show_difference, show_file

    if other is None:
        show_file(file, dict(settings), overrides, only, as_json)
    else:
        show_difference(file, other, dict(settings), overrides, only, as_json)


@main.command()
@scenario_argument("file")
@with_changes
@click.option("--only", metavar="KEY", default="", help="List what stands under this dotted key.")
@click.option(
    "--kind",
    type=click.Choice(["source", "derived", "recalled", "judgement", "assumption", "none"]),
    help="List what rests on this only.",
)
@click.option(
    "--effects", metavar="MILESTONE",
    help="Instead run it with each number smaller and larger, and rank what moves this milestone.",
)  # fmt: skip
@click.option("--share", default=0.2, show_default=True, type=click.FloatRange(0.001, 0.9),
              help="With --effects: by which numbers are made smaller and larger.")  # fmt: skip
@click.option("-n", "--replications", default=50, show_default=True, type=click.IntRange(min=2),
              help="With --effects: replications of each.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="With --effects: folder to keep the results.")
@as_json
@guarded
def assumptions(
    file: str,
    settings: tuple[tuple[str, str], ...],
    overrides: tuple[str, ...],
    only: str,
    kind: str | None,
    as_json: bool,
    **effects: Any,
) -> None:
    r"""List the numbers and dates of a scenario FILE: value, unit, and what each rests on.

    \b
    Examples:
      ilrs assumptions baseline --only slip_classes
      ilrs assumptions baseline --only gates --effects station-visit
      ilrs assumptions my-scenario.yaml --kind assumption --json
    """
    from sim.cli.showing import show_assumptions

    if effects["effects"]:
        from sim.cli.registering import show_effects

        show_effects(file, dict(settings), overrides, only, as_json, **effects)
        return
    show_assumptions(file, dict(settings), overrides, only, kind, as_json)


@main.command()
@click.option("--out", type=click.Path(path_type=Path), help="File to write. [default: stdout]")
@guarded
def schema(out: Path | None) -> None:
    r"""Print the JSON schema of scenario files, for editors.

    \b
    Example:
      ilrs schema > scenario.schema.json
    """
    from sim.scenario.schema.json_schema import schema_text

    if out is None:
        click.echo(schema_text(), nl=False)
    else:
        writable(out).write_text(schema_text(), encoding="utf-8")
        click.echo(f"wrote {out}")
