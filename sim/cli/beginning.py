"""A scenario file to begin with."""

from __future__ import annotations

import re
from pathlib import Path

import click

from sim.scenario.draft import find_file
from sim.scenario.schema.fields import ID_PATTERN
from sim.scenario.shipped import shipped_folder
from sim.scenario.tree import read_tree

_TEXT = """\
# yaml-language-server: $schema=scenario.schema.json
# (`ilrs schema > scenario.schema.json` makes that file; then the editor completes and checks.)
# Question: what if ...?
extends: {parent}
title: {title}
question: What if ...?

# Take the `# ` away from what you want to change. All else stays as in `{parent}`:
# `ilrs show {parent}` shows every value and where it is written, `ilrs check {file}` finds mistakes.

# A mission comes later than it would anyway; a number, or a distribution.
# delays:
#   luna-26: {{months: 24}}
#   lunar-power-plant: {{years: {{triangular: {{low: 1, mode: 2, high: 5}}}}}}

# Another date is announced (a list replaces the old one); slips come on top.
# missions:
#   luna-26:
#     announcements: [{{announced: 2026-09-13, planned: 2032, by: myself}}]

# What happens is set instead of drawn.
# force:
#   luna-27a: {{landing: failure}}
#   chang-e-8: {{cancelled: true}}

# A second launch pad; landers that are better than the record says.
# pads:
#   wenchang-lc301: {{count: 2}}
# families:
#   luna:
#     prior: {{a: 4, b: 2}}

# A stronger reactor; the site lit for another share of the time.
# elements:
#   reactor-40kw: {{capacity_kw: 60}}
# station:
#   site: {{mean_lit_share: 0.8}}

# Every combination becomes a scenario of its own.
# sweep:
#   elements.battery-600kwh.usable_kwh: [300, 600, 1200]

# What each number rests on: `source KEY: remark`, `derived: how`, `recalled: how sure`, `judgement: whose`
# or `assumption: why`.
# basis:
#   delays: "assumption: what the scenario asks"
"""


def write_new(name: str, parent: str) -> Path:
    """Write a commented scenario file.

    Raises:
        UsageError: the name is none for a scenario or that of a shipped one, or the file exists already.
        ScenarioError: the parent cannot be read.
    """
    path = Path(f"{name.removesuffix('.yaml')}.yaml")
    if not re.fullmatch(ID_PATTERN, path.stem):
        raise click.UsageError(
            f"`{path.stem}` is no good name; use small letters, digits and hyphens, such as `late-luna`"
        )
    if (shipped_folder() / path.name).exists():
        raise click.UsageError(
            f"`{path.stem}` is a shipped scenario; choose another name, or they get mixed up"
        )
    source = find_file(parent)
    read_tree(source, parent)
    text = _TEXT.format(
        parent=_as_parent(source, path), title=path.stem.replace("-", " ").capitalize(), file=path.name
    )
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise click.UsageError(f"{path} exists already; choose another name") from None
    return path


def _as_parent(source: Path, path: Path) -> str:
    """Name the parent as the new file must: shipped ones by name, others by their way from its folder."""
    if source.resolve().parent == shipped_folder().resolve():
        return source.stem
    folder = path.resolve().parent
    if source.resolve().is_relative_to(folder):
        return source.resolve().relative_to(folder).as_posix()
    raise click.UsageError(
        f"a parent must be shipped or lie in the folder of the new file or below; copy {source} there"
    )
