"""Plots that set scenarios side by side: causes of delay and sweeps; by known answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import sim
from sim import plots
from sim.analysis.results import Results
from sim.analysis.sweeps import sweep_table, swept_values
from sim.batch.store import ResultsError
from sim.nature.calendar import DAYS_PER_MONTH
from sim.plots.delays import OTHER
from tests.drawn import assert_nothing_overlaps, texts_of
from tests.made import NEVER, day, reaching, results_of

SCENARIOS = ["baseline", "luna-27-fails", "as-announced"]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("compared")
    return sim.run(SCENARIOS, n=12, out=folder, workers=1, progress=False, record="paths")


def first_axes(figure: Figure) -> Axes:
    return figure.axes[0]


def test_the_check_of_overlaps_finds_one() -> None:
    figure = Figure()
    ax = figure.add_subplot()
    ax.text(0.5, 0.5, "one thing")
    assert_nothing_overlaps(figure)
    ax.text(0.52, 0.5, "another")
    with pytest.raises(AssertionError, match="one thing"):
        assert_nothing_overlaps(figure)


# Delay by cause


def test_the_causes_add_up_to_the_mean_delay(results: Results) -> None:
    table = plots.delay_by_cause_table(results, "crewed-landing")
    for scenario in SCENARIOS:
        found = results.why("crewed-landing", scenario)
        planned = found.causes().set_index("cause")["days"].get("development", 0.0)
        delay = (found.mean_days.value - planned) / DAYS_PER_MONTH
        mine = table[table["scenario"] == scenario]
        assert mine["months"].sum() == pytest.approx(delay)
        assert mine["delay"].tolist() == pytest.approx([delay] * len(mine))
        np.testing.assert_allclose(mine["start"].iloc[1:], mine["end"].iloc[:-1], atol=1e-9)
        assert mine["mean_date"].iloc[0] == found.mean_date


def test_few_causes_are_named_and_the_rest_is_one_part(results: Results) -> None:
    table = plots.delay_by_cause_table(results, "crewed-landing")
    causes = table.groupby("scenario")["cause"].agg(list)
    assert len(causes.iloc[0]) <= 7
    assert all(own == causes.iloc[0] for own in causes)
    assert causes.iloc[0][-1] == OTHER
    found = results.why("crewed-landing").causes().set_index("cause")["days"] / DAYS_PER_MONTH
    rest = found[~found.index.isin([*causes.iloc[0], "development"])].sum()
    own = table[table["scenario"] == "baseline"].set_index("cause")["months"]
    assert own[OTHER] == pytest.approx(rest)


def test_a_scenario_that_never_gets_there_is_said_so(results: Results) -> None:
    table = plots.delay_by_cause_table(results, "luna-27-landing")
    lost = table[table["scenario"] == "luna-27-fails"]
    assert lost["delay"].isna().all()
    assert (lost["reached"] == 0).all()
    figure = plots.delay_by_cause(results, "luna-27-landing")
    assert any("never reached" in text for text in texts_of(figure))
    with pytest.raises(ResultsError, match="none of the scenarios reaches"):
        plots.delay_by_cause(results["luna-27-fails"], "luna-27-landing")


def test_delays_are_drawn_as_long_as_they_are(results: Results) -> None:
    figure = plots.delay_by_cause(results, "crewed-landing")
    table = plots.delay_by_cause_table(results, "crewed-landing")
    bars = [patch for patch in first_axes(figure).patches if isinstance(patch, Rectangle)]
    assert sum(bar.get_width() for bar in bars) == pytest.approx(table["months"].sum())
    assert_nothing_overlaps(figure)


# Sweeps

EARLY, MIDDLE, LATE = (day(text) for text in ("2035-01-01", "2038-01-01", "2045-06-01"))


def swept(cells: dict[str, list[float]], more: list[str] = []) -> Results:  # noqa: B006
    made = [reaching(dates, f"sweep[{values}]", "Sweep") for values, dates in cells.items()]
    return results_of(*(reaching([EARLY] * 10, name, name) for name in more), *made)


GRID = {
    "luna_months=0,reactor_years=0": [EARLY] * 10,
    "luna_months=0,reactor_years=3": [MIDDLE] * 9 + [NEVER],
    "luna_months=24,reactor_years=0": [LATE] * 8 + [NEVER] * 2,
    "luna_months=24,reactor_years=3": [LATE] * 7 + [NEVER] * 3,
}


def test_swept_values_are_read_from_the_names() -> None:
    assert swept_values("a[x=1,y.z=[1, 2],w={a: 1, b: 2}]") == {
        "x": "1", "y.z": "[1, 2]", "w": "{a: 1, b: 2}",
    }  # fmt: skip
    table = sweep_table(["baseline", "s[a=1,b=2]", "s[a=1,b=3]", "t[c=1]"], "t")
    assert table.to_dict("records") == [{"scenario": "t[c=1]", "c": "1"}]


def test_a_map_says_each_date_and_what_is_not_reached() -> None:
    table = plots.sweep_map_table(swept(GRID, more=["plain"]), "goal")
    assert table["quantity"].unique().tolist() == ["p80"]
    assert table["text"].tolist() == ["2035-01", "2038-01", "2045-06", "not by\n2051"]
    assert table["shade"].iloc[0] == 0
    assert table["shade"].iloc[3] == 1
    assert table["shade"].is_monotonic_increasing
    assert table["luna_months"].tolist() == ["0", "0", "24", "24"]


def test_a_map_shows_shares_and_means_too() -> None:
    results = swept(GRID)
    shares = plots.sweep_map_table(results, "goal", quantity="reached")
    assert shares["text"].tolist() == ["100 %", "90 %", "80 %", "70 %"]
    np.testing.assert_allclose(shares["shade"], [0, 1 / 3, 2 / 3, 1])
    mean = plots.sweep_map_table(results, "goal", quantity="mean")
    after = MIDDLE * 0.9 + day("2051-01-01") * 0.1
    expected = pd.Timestamp("2030-01-01") + pd.Timedelta(days=after)
    assert mean["text"].iloc[1] == f"{expected:%Y-%m}"


def test_a_map_of_what_nobody_reaches_shows_shares() -> None:
    never = {values: [NEVER] * 10 for values in GRID}
    table = plots.sweep_map_table(swept(never), "goal")
    assert table["quantity"].unique().tolist() == ["reached"]
    assert table["text"].unique().tolist() == ["0 %"]


def test_a_map_is_drawn_with_a_cell_for_each_pair_and_its_units() -> None:
    figure = plots.sweep_map(swept(GRID), "goal")
    ax = first_axes(figure)
    assert ax.get_ylabel() == "luna [months]"
    assert ax.get_xlabel().startswith("reactor [years]")
    cells = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert len({cell.get_facecolor() for cell in cells}) == 4
    assert_nothing_overlaps(figure)


def test_curves_of_a_sweep_have_a_panel_for_each_value() -> None:
    results = swept(GRID)
    table = plots.sweep_curves_table(results, "goal")
    last = table.groupby("scenario", sort=False)["probability"].last()
    assert last.tolist() == [1.0, 0.9, 0.8, 0.7]
    figure = plots.sweep_curves(results, "goal")
    panels = first_axes(figure).child_axes
    assert [panel.get_title() for panel in panels] == ["luna [months]: 0", "luna [months]: 24"]
    assert [len(panel.get_lines()) for panel in panels] == [2, 2]
    assert "reactor [years]: 3" in texts_of(figure)
    assert_nothing_overlaps(figure)


def test_curves_of_one_key_stand_before_all_others() -> None:
    one = swept({f"months={n}": [EARLY + 100 * n] * 9 + [NEVER] for n in range(5)})
    figure = plots.sweep_curves(one, "goal")
    panels = first_axes(figure).child_axes
    assert len(panels) == 5
    for number, panel in enumerate(panels):
        *others, own = panel.get_lines()
        assert len(others) == 4
        assert own.get_label() == f"sweep[months={number}]"
        assert own.get_ydata()[-1] == pytest.approx(0.9)
    assert_nothing_overlaps(figure)


@pytest.mark.parametrize(
    ("cells", "scenario", "message"),
    [
        ({}, None, "none of these scenarios was swept"),
        ({"a=1": [EARLY]}, None, "a map needs a sweep of two keys"),
        ({"a=1,b=1,c=1": [EARLY]}, None, "the sweep has 3 keys"),
        (GRID, "other", "there is no sweep `other`; there are sweep"),
    ],
)
def test_what_cannot_be_mapped_is_told(
    cells: dict[str, list[float]], scenario: str | None, message: str
) -> None:
    with pytest.raises(ResultsError, match=message):
        plots.sweep_map(swept(cells, more=["plain"]), "goal", scenario)


def test_a_map_takes_only_what_it_knows() -> None:
    with pytest.raises(ResultsError, match="no quantity `p99`"):
        plots.sweep_map(swept(GRID), "goal", quantity="p99")
    with pytest.raises(ResultsError, match="no milestone `nothing`"):
        plots.sweep_map(swept(GRID), "nothing")
