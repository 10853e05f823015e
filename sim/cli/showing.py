"""The verbs that show a scenario: resolved, against another one, and what its numbers rest on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from shlex import quote

import click

from sim.cli.common import print_json
from sim.cli.console import dimmed, make_console
from sim.scenario.assumptions import Assumption, assumptions_of
from sim.scenario.draft import Draft, read_draft
from sim.scenario.listing import leaves, where
from sim.scenario.load import load_scenario
from sim.scenario.merge import apply_settings, expand_sweep, plainly
from sim.scenario.problems import did_you_mean
from sim.scenario.tree import Tree


def show_file(
    file: str, settings: dict[str, str], overrides: Sequence[str], only: str, as_json: bool
) -> None:
    """Show every value of a scenario with its origin."""
    values = _chosen(leaves(_single(file, settings, overrides)), only)
    if as_json:
        print_json(
            {key: {"value": tree.plain(), "file": o.file, "line": o.line} for key, tree in values.items()
             for o in [tree.key_origin]}
        )  # fmt: skip
        return
    _print((f"{key}: {plainly(tree.plain())}", f"# {where(tree)}") for key, tree in values.items())


def show_difference(
    file: str, other: str, settings: dict[str, str], overrides: Sequence[str], only: str, as_json: bool
) -> None:
    """Show what differs between two scenarios, and where the other one says so."""
    own = leaves(_single(file, settings, overrides))
    its = leaves(_single(other, settings, overrides))
    keys = [key for key in {**own, **its} if key.startswith(only) and _plain(own, key) != _plain(its, key)]
    if as_json:
        rows = {key: {file: _plain(own, key), other: _plain(its, key)} for key in keys}
        print_json(rows)
        return
    if not keys:
        click.echo(f"{file} and {other} do not differ" + (f" under {only}" if only else ""))
    _print(
        (f"{key}: {_said(own, key)} -> {_said(its, key)}", f"# {where(its.get(key) or own[key])}")
        for key in keys
    )


def show_assumptions(
    file: str,
    settings: dict[str, str],
    overrides: Sequence[str],
    only: str,
    kind: str | None,
    as_json: bool,
) -> None:
    """List the numbers of a scenario with what they rest on."""
    _single(file, settings, overrides)
    draft = _draft(file, settings, overrides)
    rows = [
        row
        for row in assumptions_of(draft.tree)
        if row.parameter.startswith(only) and (kind is None or row.kind == kind)
    ]
    if not rows and only:
        known = {key for row in assumptions_of(draft.tree) for key in _above(row.parameter)}
        raise click.UsageError(f"nothing stands under `{only}`{did_you_mean(only, known)}")
    if as_json:
        print_json([row._asdict() for row in rows])
        return
    _print((_in_words(row), f"# {row.basis}") for row in rows)
    click.echo(f"{len(rows)} values")


def _above(key: str) -> Iterable[str]:
    """The keys above a dotted key."""
    parts = key.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts)))


def _in_words(row: Assumption) -> str:
    unit = f" {row.unit}" if row.unit not in ("", "-") else ""
    return f"{row.parameter}: {plainly(row.value)}{unit}"


def _draft(file: str, settings: dict[str, str], overrides: Sequence[str]) -> Draft:
    draft = read_draft(file)
    if overrides:
        draft = draft.with_overrides(*overrides)
    swept = list(expand_sweep(draft.name, apply_settings(draft.tree, settings)))
    return Draft(*swept[0], draft.files)


def _single(file: str, settings: dict[str, str], overrides: Sequence[str]) -> Tree:
    resolved = load_scenario(file, settings, overrides)
    if len(resolved) > 1:
        names = "\n".join(f"  {item.name}" for item in resolved)
        example = quote(resolved[-1].name)
        click.echo(
            f"{file} is a sweep; its first scenario is shown. Name one, as {example}, of\n{names}\n",
            err=True,
        )
    return resolved[0].tree


def _chosen(values: dict[str, Tree], only: str) -> dict[str, Tree]:
    chosen = {key: tree for key, tree in values.items() if f"{key}.".startswith(f"{only}." if only else "")}
    if not chosen:
        parts = {key.rpartition(".")[0] for key in values} | {key.partition(".")[0] for key in values}
        raise click.UsageError(f"nothing stands under `{only}`{did_you_mean(only, parts)}")
    return chosen


def _plain(values: dict[str, Tree], key: str) -> object:
    return values[key].plain() if key in values else None


def _said(values: dict[str, Tree], key: str) -> str:
    return plainly(values[key].plain()) if key in values else "(not set)"


def _print(rows: Iterable[tuple[str, str]]) -> None:
    """Print values with a remark each: beside them where it fits, else below."""
    width = make_console().width
    for text, remark in rows:
        if len(text) + 2 + len(remark) <= width:
            click.echo(f"{text}  {dimmed(remark)}")
            continue
        for indent, part in (("", text), ("    ", remark)):
            lines = textwrap.wrap(
                part, width, initial_indent=indent, subsequent_indent="      ", break_on_hyphens=False
            )
            said = "\n".join(lines)
            click.echo(dimmed(said) if part is remark else said)
