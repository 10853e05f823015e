"""What the terminal shows: tables that fit its width, messages, and what to try next."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Literal

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.results import Results
    from sim.batch.run import Batch, Plan, Settings

Cells = Sequence[str]
Entries = Sequence[tuple[str, str]]
PLAIN_WIDTH = 120  # of a terminal that does not tell, such as a file
FIRST_COLUMN = 24
NARROWEST_FIRST = 18
COLUMN_GAP = 2
MOST_NAMES = 6
MOST_COMPARED = 8  # scenarios that are compared in words
WORTH_TIMING = 100  # replications from which on a run is timed beforehand
START_SECONDS = 2.0  # of worker processes


def make_console(stderr: bool = False) -> Console:
    """Make a console that honours NO_COLOR, COLUMNS and output that is no terminal."""
    probe = Console(stderr=stderr)
    told = os.environ.get("COLUMNS", "").isdigit()
    width = None if probe.is_terminal or told else PLAIN_WIDTH
    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    return Console(stderr=stderr, width=width, highlight=False, color_system=colours)


def dimmed(text: str) -> str:
    """Show a text dim; with NO_COLOR as it is, for then there is no bold and no dim either."""
    return text if os.environ.get("NO_COLOR") else click.style(text, dim=True)


def wrapped(text: str, hang: int = 2) -> str:
    """Wrap lines to a terminal whose width is known; what goes elsewhere keeps its lines."""
    console = make_console()
    if not (console.is_terminal or "COLUMNS" in os.environ):
        return text
    lines = [
        textwrap.wrap(line, console.width, subsequent_indent=" " * hang, break_on_hyphens=False)
        for line in text.splitlines()
    ]
    return "\n".join("\n".join(parts) for parts in lines)


def print_list(console: Console, entries: Entries) -> None:
    """Print names with their explanations, wrapped beside them, or below where there is no room."""
    widest = max((len(name) for name, _ in entries), default=0)
    if widest > console.width // 2:
        for name, text in entries:
            console.print(Text(name, style="bold"), soft_wrap=True)  # so that it can be copied
            console.print(Padding(Text(text), (0, 0, 0, len(name) - len(name.lstrip()) + 4)))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in entries:
        table.add_row(Text(name), Text(text))
    console.print(table)


def print_table(console: Console, title: str, head: Cells, rows: Iterable[Cells]) -> None:
    """Print a table; one that is too wide is cut between columns, the first column repeated."""
    lines = [list(row) for row in rows]
    columns = [[text, *(row[n] for row in lines)] for n, text in enumerate(head)]
    widths = [_column_width(cells[0], cells[1:]) for cells in columns]
    widths[0] = min(widths[0], max(FIRST_COLUMN, console.width // 3))
    widths[0] -= _squeeze(console.width, widths)
    for number, group in enumerate(_balanced(console.width, widths)):
        console.print(Text(title if number == 0 else f"{title} (continued)", style="bold"))
        table = Table(box=None, padding=(0, COLUMN_GAP, 0, 0))
        for column, width in _roomier(console.width, group, widths, columns).items():
            justify: Literal["left", "right"] = "right" if column else "left"
            table.add_column(Text(head[column]), justify=justify, width=width, overflow="fold")
        for row in lines:
            table.add_row(*(Text(row[column]) for column in group))
        console.print(table)
        console.print()


def _squeeze(width: int, widths: list[int]) -> int:
    """Say by how much a narrower first column would save cutting the table, if that is bearable."""
    excess = _taken(range(len(widths)), widths) - width
    return excess if 0 < excess <= widths[0] - NARROWEST_FIRST else 0


def _balanced(width: int, widths: list[int]) -> list[list[int]]:
    """Split the columns into as few groups as fit the width, none much narrower than the others."""
    groups = _fitting(width, widths)
    while len(narrower := _fitting(width - 1, widths)) == len(groups) > 1:
        width, groups = width - 1, narrower
    return groups


def _fitting(width: int, widths: list[int]) -> list[list[int]]:
    """Split the columns into groups that fit the width, each with the first column."""
    groups = [[0]]
    for column in range(1, len(widths)):
        group = groups[-1]
        if len(group) > 1 and _taken([*group, column], widths) > width:
            groups.append(group := [0])
        group.append(column)
    return groups


def _taken(group: Iterable[int], widths: Sequence[int]) -> int:
    return sum(widths[column] + COLUMN_GAP for column in group)


def _roomier(width: int, group: list[int], widths: list[int], columns: Sequence[Cells]) -> dict[int, int]:
    """Give the columns of a group the room that is left: headings on two lines at most, then names."""
    given = {column: widths[column] for column in group}
    left = width - _taken(group, widths)
    for column in [*group[1:], 0]:
        head, *cells = columns[column]
        more = (_on_two_lines(head) if column else max(map(len, cells), default=0)) - given[column]
        room = min(more, left) if column == 0 or more <= left else 0
        given[column] += max(0, room)
        left -= max(0, room)
    return given


def _on_two_lines(text: str) -> int:
    """The least width in which a text takes two lines.

    >>> _on_two_lines("On the path in")
    7
    """
    return next(width for width in range(len(text) + 1) if len(wrap(text, width + 1)) <= 2) + 1


def _column_width(head: str, cells: list[str]) -> int:
    lines = [line for cell in cells for line in cell.split("\n")]
    return max((len(text) for text in (*head.split(), *lines)), default=0)


def print_headlines(console: Console, results: Results) -> None:
    """Print when the milestones are reached: in rows for one scenario, side by side for several."""
    from sim.analysis.tables import headline

    table = headline(results.saved)
    if len(results) == 1:
        rows = [list(row)[1:] for row in table.itertuples(index=False)]
        head = ["Milestone", "Planned", "Reached by the horizon", "P10", "P50", "P80"]
        print_table(console, f"{results.saved[0].title}: when milestones are reached", head, rows)
        return
    milestones = list(dict.fromkeys(table["milestone"]))
    rows = [_scenario_row(saved.title, saved.name, table, milestones) for saved in results.saved]
    title = "When milestones are reached: P50, P80, share of futures that reach them by the horizon"
    print_table(console, title, ["Scenario", *milestones], rows)


def print_counts(console: Console, results: Results) -> None:
    """Say how many replications there are, where scenarios have more or fewer than others or than asked."""
    from sim.report.origin import about

    scenarios = about(results)
    missing = [
        f"{item.label} {item.completed + item.failed} of {item.asked}"
        for item in scenarios
        if item.completed + item.failed < item.asked
    ]
    if missing:
        console.print(f"NOT COMPLETE: {', '.join(missing)} replications; `ilrs run` computes the rest.")
    elif len({item.completed for item in scenarios}) > 1:
        counts = ", ".join(f"{item.label} {item.completed}" for item in scenarios)
        console.print(f"Replications: {counts}. Differences are over those that both have.")


def _scenario_row(title: str, name: str, table: pd.DataFrame, milestones: list[str]) -> list[str]:
    own = table[table["scenario"] == name].set_index("milestone")
    cells = [
        "\n".join(str(own.loc[m, column]) for column in ("P50", "P80", "reached"))
        if m in own.index
        else "-"
        for m in milestones
    ]
    return [title, *cells]


def print_brief_comparison(console: Console, table: pd.DataFrame) -> None:
    """Print the differences of the mean dates side by side, a row for each scenario."""
    from sim.analysis.comparison import in_months

    table = table.assign(
        cell=[
            in_months(value, error)
            for value, error in zip(table["mean_months"], table["mean_months_se"], strict=True)
        ]
    )
    milestones = list(dict.fromkeys(table["title"]))
    cells = table.pivot(index="scenario", columns="title", values="cell").fillna("-")
    rows = [[name, *cells.loc[name, milestones]] for name in dict.fromkeys(table["scenario"])]
    title = f"Months later (+) or earlier (-) than {table['reference'].iloc[0]}, on common random numbers"
    print_table(console, title, ["Scenario", *milestones], rows)


def print_comparison(console: Console, table: pd.DataFrame) -> None:
    """Print differences from the reference, with paired and unpaired intervals."""
    from sim.analysis.comparison import in_months

    if table.empty:
        console.print("There is only one scenario; a comparison needs two.")
        return
    reference = table["reference"].iloc[0]
    for scenario, part in table.groupby("scenario", sort=False):
        rows = [
            [
                row["title"],
                in_months(row["mean_months"], row["mean_months_se"]),
                f"(+- {row['mean_months_unpaired_se']:.1f})",
                in_months(row["p50_months"], row["p50_months_se"]),
                in_months(row["p80_months"], row["p80_months_se"]),
                in_months(100 * row["reached"], 100 * row["reached_se"]),
            ]
            for row in part.to_dict("records")
        ]
        head = [
            "Milestone",
            "Mean [months]",
            "(if unpaired)",
            "P50 [months]",
            "P80 [months]",
            "Reached [%]",
        ]
        print_table(console, f"{scenario} against {reference}", head, rows)
    console.print(
        "Differences on common random numbers with their standard errors. In the mean, what is not "
        "reached counts as the horizon; n/a: a quantile is not reached by the horizon.",
        style="dim",
    )


def print_sentences(console: Console, results: Results, reference: str) -> None:
    """Say in plain words when the reference gets where, and what the other scenarios change."""
    from sim.analysis.labels import scenario_labels
    from sim.analysis.sentences import changes, when

    title = scenario_labels(results.saved)[reference]
    said = when(results[reference].saved[0])
    if said:
        console.print(Text(f"In plain words: {title}", style="bold"))
        _print_indented(console, said)
    changed = [f"{label}: {text}." for label, text in changes(results.saved, reference).items()]
    if changed:
        console.print(Text(f"Mean dates against {title}, on the same luck", style="bold"))
        _print_indented(console, changed[:MOST_COMPARED])
        if len(changed) > MOST_COMPARED:
            console.print(f"  ... and {len(changed) - MOST_COMPARED} scenarios more.")
    console.print()


def _print_indented(console: Console, sentences: Sequence[str]) -> None:
    for sentence in sentences:
        for number, line in enumerate(wrap(sentence, console.width - 4)):
            console.print(Text(f"{'  ' if number == 0 else '    '}{line}"))


def print_uncertainty(console: Console, results: Results) -> None:
    """Print how much of each uncertainty knowledge could remove."""
    from sim.batch.store import ResultsError

    try:
        table = results.uncertainty()
    except ResultsError as error:
        console.print(str(error))
        return
    for _, part in table.groupby("scenario", sort=False):
        rows = [
            [
                row["title"],
                f"{row['band_months']:.0f} +- {row['band_months_se']:.0f}",
                f"{row['chance_band_months']:.0f} +- {row['chance_band_months_se']:.0f}",
                f"{100 * row['knowledge_share']:.0f} +- {100 * row['knowledge_share_se']:.0f} %",
                f"{100 * row['reached_knowledge_share']:.0f} +- "
                f"{100 * row['reached_knowledge_share_se']:.0f} %",
            ]
            for row in part.to_dict("records")
        ]
        head = ["Milestone", "P10-P90 [months]", "if we knew", "of the variance", "of reaching it"]
        draws, seeds = part["draws"].iloc[0], part["seeds"].iloc[0]
        title = f"What knowledge could remove of the uncertainty ({draws} draws, {seeds} seeds each)"
        print_table(console, title, head, rows)


def print_looks(console: Console, results: Results) -> None:
    """Print what a sequential run took, and how well the goal is known."""
    table = results.until
    for name, part in table.groupby("scenario", sort=False):
        last = part.iloc[-1]
        horizon = results[str(name)].saved[0].meta["horizon"][:4]
        low, high = (f"{last[key]:%Y-%m-%d}" if last[key] == last[key] else f"not by {horizon}"
                     for key in ("low", "high"))  # fmt: skip
        if last["low"] != last["low"]:
            low = "the data date"
        what = f"{last['goal'].partition(' on ')[2]}: between {low} and {high}"
        if last["beyond"]:
            what = f"{last['goal'].partition(' on ')[2]}: surely not by {horizon}"
        state = "goal reached" if last["done"] else "GOAL NOT REACHED, more are needed (--most)"
        console.print(
            f"{name}: {what} (90 % over all {len(part)} looks), {state} after "
            f"{last['replications']} replications.",
            highlight=False,
        )
    console.print()


def describe_plan(console: Console, plan: Plan, names: Sequence[str], how: Settings, out: object) -> None:
    """Say beforehand what a run will do."""
    missing = plan.total - plan.done
    if plan.damaged:
        console.print(f"{plan.damaged} damaged chunks were thrown away and are computed again.")
    if not missing:
        console.print(f"All {plan.total} replications are there already; nothing to compute.")
        return
    resumed = f", {plan.done} are there already" if plan.done else ""
    plural = "s" if len(names) > 1 else ""
    shown = ", ".join(names[:MOST_NAMES]) + (", ..." if len(names) > MOST_NAMES else "")
    console.print(
        f"{missing} replications to run ({len(names)} scenario{plural}, {how.worker_count()} workers)"
        f"{resumed}."
    )
    console.print(
        f"{shown}: seed {how.seed}, recording {how.record}, into {out}.", markup=False, soft_wrap=True
    )


def describe_time(console: Console, plan: Plan, batch: Batch) -> None:
    """Say how long a run will take, at the rate of two replications that are timed now."""
    missing = plan.total - plan.done
    if missing < WORTH_TIMING:
        return
    rate = batch.seconds_per_replication()
    workers = min(batch.settings.worker_count(), len(plan.tasks))
    seconds = missing * rate / workers + (START_SECONDS if workers > 1 else 0)
    console.print(f"About {in_words(seconds)} ({1000 * rate:.0f} ms a replication, measured).")


def in_words(seconds: float) -> str:
    """Say a length of time.

    >>> in_words(47), in_words(200), in_words(9000)
    ('47 s', '3 min', '2.5 h')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
