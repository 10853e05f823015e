"""Which condition of a gate binds?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.results import Results
from sim.analysis.tables import month_text
from sim.batch.store import ResultsError
from sim.plots.choose import one_scenario
from sim.plots.rows import group_rows, name_rows
from sim.plots.style import (
    BLUE,
    INK,
    ORANGE,
    SMALL,
    VERMILLION,
    Fill,
    LegendEntry,
    axes_to_draw_on,
    dress,
    figure_of,
    legend_below,
)
from sim.plots.words import listed, percent, replications_in_words

_BAR_HEIGHT = 0.7
_PARTS = {
    "last": ("the gate opened, this came last", Fill(BLUE)),
    "only_missing": ("only this never came", Fill(VERMILLION, "////")),
    "also_missing": ("this and others never came", Fill(ORANGE, "....")),
}


def gate_bars(
    results: Results,
    gates: Sequence[str] | None = None,
    scenario: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Which condition of a gate does everything wait for, and when does it come?

    How to read it: a row for each condition of a gate; the longer its bar, the more often everything waits
    for it: it came last, or it never came. At the right stands when it holds in half of the futures.

    Args:
        results: one scenario or several.
        gates: ids; by default all that have more than one condition.
        scenario: which one; by default the first.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such scenario or gate, or no replication is completed.
    """
    saved = one_scenario(results, scenario).saved[0]
    table = gate_bars_table(results, gates, scenario)
    opens = table.groupby("gate", sort=False)["opens"].first()
    rows = group_rows([f"{gate} (all have come in {percent(opens[gate])})" for gate in table["gate"]])
    ax = axes_to_draw_on(ax, rows.height(around=1.4))
    dress(ax, f"{saved.title}: what the gates wait for", grid="x", room=0.8)
    name_rows(ax, rows, table["condition"].tolist())
    ax.set_xlim(0, 1)
    ax.set_xticks(np.linspace(0, 1, 6), [f"{share} %" for share in range(0, 101, 20)])
    ax.set_xlabel(f"share of {replications_in_words([int(saved.completed.sum())])}", fontsize=SMALL + 0.5)
    places = np.array(rows.places, dtype=float)
    entries = _draw_bars(ax, table, places)
    _write_dates(ax, table, places, saved.meta["horizon"][:4])
    legend_below(ax, entries, side="right", lines_between=1)
    return figure_of(ax)


def gate_bars_table(
    results: Results, gates: Sequence[str] | None = None, scenario: str | None = None
) -> pd.DataFrame:
    """How often each condition of the gates binds.

    Returns:
        The columns of `Results.gates`, and ``also_missing``: the share in which it never came, as others.

    Raises:
        ResultsError: there is no such scenario or gate, or no replication is completed.
    """
    table = one_scenario(results, scenario).gates()
    known = list(table["gate"].unique())
    sizes = table.groupby("gate")["condition"].count()
    chosen = [gate for gate in known if sizes[gate] > 1] if gates is None else list(gates)
    for gate in chosen:
        if gate not in known:
            raise ResultsError(f"there is no gate `{gate}`; there are {listed(known)}")
    table["also_missing"] = table["missing"] - table["only_missing"]
    return pd.concat([table[table["gate"] == gate] for gate in chosen] or [table[:0]], ignore_index=True)


def _draw_bars(ax: Axes, table: pd.DataFrame, places: np.ndarray) -> list[LegendEntry]:
    left = np.zeros(len(table))
    entries: list[LegendEntry] = []
    for name, (label, fill) in _PARTS.items():
        shares = table[name].to_numpy(dtype=float)
        looks = fill.properties() | {"linewidth": 0.4}
        ax.barh(places, shares, _BAR_HEIGHT, left=left, label=name, **looks)
        entries.append((fill.patch(), label))
        left = left + shares
    return entries


def _write_dates(ax: Axes, table: pd.DataFrame, places: np.ndarray, year: str) -> None:
    across = ax.get_yaxis_transform()
    ax.text(1.02, -0.05, "P50", transform=across, fontsize=SMALL - 0.5, va="center", color=INK)
    for place, day in zip(places, table["p50"], strict=True):
        note = f"not by {year}" if pd.isna(day) else month_text(day)
        ax.text(1.02, place, note, transform=across, fontsize=SMALL, va="center", color=INK)
