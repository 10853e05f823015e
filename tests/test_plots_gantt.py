"""The Gantt chart and which missions it shows, tested by its table and artists."""

from __future__ import annotations

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import pytest

import sim
from sim import plots
from sim.analysis.future import Future
from sim.analysis.results import Results
from sim.plots.choose import MOST_MISSIONS, choose_missions
from sim.plots.words import percent
from tests.drawn import labels_of, lines_of, only_axes


@pytest.fixture(scope="module")
def future() -> Future:
    return sim.trace("baseline", 3)


# Which missions are shown


def test_repeats_of_a_pattern_are_left_to_its_first_mission(batch: Results) -> None:
    table = choose_missions(batch.saved[0].meta["missions"]).set_index("mission")
    assert table.loc["station-cargo-1", "repeats"] > 5
    assert "station-cargo-2" not in table.index
    for kept in (
        "ilrs-1",
        "ilrs-2",
        "ilrs-5",
        "station-build-2",
        "station-build-3",
        "chang-e-8",
        "luna-28",
    ):
        assert table.loc[kept, "repeats"] == 1


def test_at_most_forty_missions_and_old_history_goes_first(batch: Results) -> None:
    missions = batch.saved[0].meta["missions"]
    table = choose_missions(missions)
    assert len(table) <= MOST_MISSIONS
    assert table["planned"].is_monotonic_increasing
    assert "chang-e-3" not in set(table["mission"])
    assert set(choose_missions(missions, history=False)["mission"]) <= set(table["mission"])


def test_missions_that_are_asked_for_are_shown_whatever_the_rule() -> None:
    about = [_mission(f"cargo-{n}", f"Cargo {n}", f"{2030 + n % 20}-01-01") for n in range(1, 51)]
    ids = [mission["id"] for mission in about]
    assert choose_missions(about)["mission"].tolist() == ["cargo-1"]
    asked = choose_missions(about, ids)
    assert sorted(asked["mission"]) == sorted(ids)
    assert asked["repeats"].eq(1).all()


def test_missions_without_a_planned_date_come_last() -> None:
    about = [_mission("spare", "Spare", None), _mission("first", "First", "2030-01-01")]
    assert choose_missions(about)["mission"].tolist() == ["first", "spare"]


# Gantt


def test_the_bars_are_the_quantiles_of_the_launches(batch: Results) -> None:
    table = plots.gantt_table(batch, "baseline")
    known = batch["baseline"].missions().set_index("mission")
    for row in table.to_dict("records"):
        for column in ("p10", "p50", "p90", "launched"):
            expected = known.loc[row["mission"], column]
            assert row[column] == expected or (pd.isna(row[column]) and pd.isna(expected))


def test_the_bars_that_are_drawn_begin_at_p10_and_end_at_p90_or_the_horizon(batch: Results) -> None:
    table = plots.gantt_table(batch)
    ax = only_axes(plots.gantt(batch))
    shown = table[table["p10"].notna() & ~table["history"]]
    horizon = mdates.date2num(pd.Timestamp("2051-01-01"))
    ends = [horizon if pd.isna(day) else mdates.date2num(day) for day in shown["p90"]]
    assert len(ax.patches) == len(shown)
    for bar, begin, end in zip(ax.patches, shown["p10"], ends, strict=True):
        assert bar.get_x() == pytest.approx(mdates.date2num(begin), abs=1)
        assert bar.get_x() + bar.get_width() == pytest.approx(end, abs=1)
    arrows = next(line for line in ax.get_lines() if line.get_marker() == ">")
    assert len(arrows.get_xdata()) == shown["p90"].isna().sum()


def test_programmes_stand_together_with_a_heading(batch: Results) -> None:
    table = plots.gantt_table(batch)
    groups = table["programme"].ne(table["programme"].shift()).sum()
    assert groups == table["programme"].nunique()
    for _, group in table.groupby("programme"):
        assert group["planned"].is_monotonic_increasing
    labels = [label.get_text() for label in only_axes(plots.gantt(batch)).get_yticklabels()]
    assert len(labels) == len(table) + groups
    assert "Russian lunar programme" in labels


def test_the_share_launched_stands_beside_each_mission(batch: Results) -> None:
    table = plots.gantt_table(batch)
    ax = only_axes(plots.gantt(batch))
    expected = ["flown" if row.history else percent(row.launched) for row in table.itertuples()]
    assert labels_of(ax)[1:] == expected


def test_a_future_tells_what_each_mission_spent_its_time_on(future: Future) -> None:
    table = plots.gantt_of_future_table(future)
    spans = future.spans()
    for mission, rows in table[table["kind"] == "span"].groupby("mission"):
        expected = spans[spans["mission"] == mission]
        assert rows["cause"].tolist() == expected["cause"].tolist()
        assert rows["start"].tolist() == expected["start"].tolist()
    assert not set(table["mission"]) & {row["id"] for row in future.meta["missions"] if row["history"]}


def test_the_spans_of_a_future_are_drawn_cause_by_cause(future: Future) -> None:
    table = plots.gantt_of_future_table(future)
    ax = only_axes(plots.gantt_of_future(future))
    drawn = {container.get_label(): container for container in ax.containers}
    for cause, rows in table[table["kind"] == "span"].groupby("cause"):
        bars = drawn[cause]
        widths = sorted(bar.get_width() for bar in bars)
        days = sorted((rows["end"] - rows["start"]) / pd.Timedelta(days=1))
        np.testing.assert_allclose(widths, days, atol=1e-4)
    launches = (table["kind"] == "launched").sum()
    assert len(lines_of(ax)["launched"]) == launches


def test_no_two_causes_look_the_same(future: Future) -> None:
    from sim.plots.future import CAUSE_FILLS

    assert set(future.meta["causes"]) <= set(CAUSE_FILLS)
    assert len(set(CAUSE_FILLS.values())) == len(CAUSE_FILLS)


def _mission(name: str, title: str, planned: str | None) -> dict[str, object]:
    return {"id": name, "name": title, "programme": "p", "planned": planned, "history": False}
