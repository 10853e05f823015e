"""The tables of a report: scenarios side by side, and their differences from the reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Generic, TypeVar

import pandas as pd

from sim.analysis import tables
from sim.analysis.results import Results
from sim.analysis.sentences import changes, when
from sim.plots import differences_table
from sim.plots.words import scenario_labels

SCENARIOS_SIDE_BY_SIDE = 7
"""Columns that fit on a page; more scenarios get a further table."""

Cell = TypeVar("Cell")


@dataclass(frozen=True)
class Headline:
    """What is known of a milestone in a scenario, as text; `planned` only where scenarios differ in it."""

    planned: str
    median: str
    late: str
    reached: str


@dataclass(frozen=True)
class Difference:
    """A difference with its interval, and the one that independent runs would have had, as text."""

    value: str
    interval: str
    unpaired: str


@dataclass(frozen=True)
class Comparison:
    """What a scenario changes at a milestone."""

    mean: Difference
    reached: Difference


@dataclass(frozen=True)
class Row(Generic[Cell]):
    """A row of a table: a milestone, with a cell for each scenario that has it and None for the others.

    Attributes:
        title: of the milestone.
        note: what holds for all its cells.
        cells: in the order of the columns.
    """

    title: str
    note: str
    cells: list[Cell | None]


@dataclass(frozen=True)
class Table(Generic[Cell]):
    """Scenarios side by side.

    Attributes:
        columns: labels of the scenarios.
        rows: one for each milestone.
    """

    columns: list[str]
    rows: list[Row[Cell]]


def sentences(results: Results, reference: str) -> list[str]:
    """Say in plain words when the milestones of the reference are reached."""
    return [_with_sign(text) for text in when(results[reference].saved[0])]


def changes_in_words(results: Results, reference: str) -> dict[str, str]:
    """Say in plain words what each scenario changes against the reference, by its label."""
    found = changes(results.saved, reference)
    return {label: _with_sign(text) for label, text in found.items()}


def _with_sign(text: str) -> str:
    """Write errors with their sign, and keep a number and its error on one line."""
    return text.replace(" +- ", "\u00a0±\u00a0")


def headlines(results: Results) -> list[Table[Headline]]:
    """When is each milestone reached, in which scenario? Scenarios side by side."""
    known = results.milestones()
    texts = tables.headline(results.saved)
    plans = texts["planned"].groupby(known["milestone"]).agg(lambda days: sorted(set(days)))
    cells = {
        (name, milestone): Headline(
            planned=(text["planned"] or "none") if len(plans[milestone]) > 1 else "",
            median=text["P50"],
            late=text["P80"],
            reached=text["reached"].replace("+-", "±"),
        )
        for name, milestone, text in zip(
            known["scenario"], known["milestone"], texts.to_dict("records"), strict=True
        )
    }
    notes = {str(name): f"planned {days[0]}" for name, days in plans.items() if len(days) == 1 and days[0]}
    return _side_by_side(results, results.scenarios, known, cells, notes)


def comparisons(results: Results, reference: str) -> list[Table[Comparison]]:
    """What does each scenario change at each milestone? Empty if there is nothing to compare."""
    if len(results) < 2 or results.compare(reference).empty:
        return []
    means = differences_table(results, reference)
    shares = differences_table(results, reference, quantity="reached")
    cells = {
        (mean["scenario"], mean["milestone"]): Comparison(_difference(mean), _difference(share))
        for mean, share in zip(means.to_dict("records"), shares.to_dict("records"), strict=True)
    }
    names = [name for name in results.scenarios if name != reference]
    return _side_by_side(results, names, means, cells, {})


def _side_by_side(
    results: Results,
    names: Sequence[str],
    known: pd.DataFrame,
    cells: Mapping[tuple[str, str], Cell],
    notes: Mapping[str, str],
) -> list[Table[Cell]]:
    labels = scenario_labels(results.saved)
    first = known.drop_duplicates("milestone")
    titles = dict(zip(first["milestone"], first["title"], strict=True))
    return [
        Table(
            columns=[labels[name] for name in part],
            rows=[
                Row(title, notes.get(milestone, ""), [cells.get((name, milestone)) for name in part])
                for milestone, title in titles.items()
            ],
        )
        for part in parts(names, SCENARIOS_SIDE_BY_SIDE)
    ]


def parts(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Cut names into groups of at most `size`."""
    for start in range(0, len(names), size):
        yield names[start : start + size]


def _difference(row: dict[Any, Any]) -> Difference:
    """Write a difference with both intervals."""
    value = row["difference"]
    if not isfinite(value):
        return Difference("n/a", "", "")
    same = value == row["low"] == row["high"] == 0
    interval = "exactly" if same else _interval(row["low"], row["high"])
    return Difference(_signed(value), interval, _interval(row["unpaired_low"], row["unpaired_high"]))


def _interval(low: float, high: float) -> str:
    return f"{_signed(low)} … {_signed(high)}" if isfinite(low) and isfinite(high) else "n/a"


def _signed(value: float) -> str:
    """Write a difference in months or percentage points: a tenth of them is all that matters.

    >>> _signed(22.06), _signed(-0.02), _signed(-35.2)
    ('+22.1', '0', '−35.2')
    """
    text = f"{value:+.1f}"
    return "0" if text in ("+0.0", "-0.0") else text.replace("-", "−")
