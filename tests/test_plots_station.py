"""Plots of the station, tested by their tables and by what is handed to the artists, not by pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

import sim
from sim import plots
from sim.analysis.future import Future
from sim.analysis.results import Results
from sim.plots import style
from sim.plots.chain import gate_levels, monthly_range
from sim.plots.season import SEASON_DAYS, worst_season
from sim.report.page import render
from sim.report.pictures import pictures
from sim.report.station_numbers import adequacy_tables, crew_tables

SCENARIOS = ["baseline", "no-reactor"]
N = 24
OF_RESULTS = [
    "power_margin", "power_by_source", "shortfall_heat", "element_survival", "function_survival",
    "gate_bars", "stock", "people_at_station",
]  # fmt: skip
OF_SERIES = ["power_margin", "power_by_source", "shortfall_heat", "stock", "people_at_station"]
OF_FUTURES = ["station_of_future", "state_of_charge"]

Plot = Callable[..., Figure]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("plots-station")
    return sim.run(SCENARIOS, n=N, out=folder, workers=1, progress=False)


@pytest.fixture(scope="module")
def future() -> Future:
    return sim.trace("baseline", 11)


def source(name: str, results: Results, future: Future) -> Any:
    return future if name in OF_FUTURES else results


@pytest.mark.parametrize("name", OF_RESULTS + OF_FUTURES)
def test_a_plot_is_a_figure_and_has_its_table(results: Results, future: Future, name: str) -> None:
    what = source(name, results, future)
    figure = getattr(plots, name)(what)
    assert isinstance(figure, style.Picture)
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert len(getattr(plots, f"{name}_table")(what))


@pytest.mark.parametrize("name", OF_RESULTS + OF_FUTURES)
def test_a_plot_draws_on_the_axes_it_is_given(results: Results, future: Future, name: str) -> None:
    figure = Figure(layout="constrained")
    left, right = figure.subplots(1, 2)
    assert getattr(plots, name)(source(name, results, future), ax=right) is figure
    assert right.get_title(loc="left")
    assert not left.get_title(loc="left")


@pytest.mark.parametrize("name", OF_SERIES)
def test_a_plot_of_months_says_that_they_were_not_recorded(name: str, tmp_path: Any) -> None:
    dates = sim.run("baseline", n=1, out=tmp_path, workers=1, progress=False, record="dates")
    with pytest.raises(sim.ResultsError, match="--record series"):
        getattr(plots, name)(dates)


def test_the_margin_is_what_is_left_over_less_what_is_missing(results: Results) -> None:
    table = plots.power_margin_table(results, "no-reactor")
    dataset = results.dataset.sel(scenario="no-reactor")
    classes = [name.replace("-", "_") for name in results.saved[0].meta["load_classes"]]
    short = sum(dataset[f"unserved_{name}_kw"] for name in classes)
    margin = (dataset.curtailed_kw - short).values
    np.testing.assert_allclose(table["mean"], margin.mean(axis=0), atol=1e-4)
    np.testing.assert_allclose(table["p10"], np.quantile(margin, 0.1, axis=0), atol=1e-4)
    assert table["lit"].between(0, 1).all()
    assert table["lit"].min() < 0.6 < table["lit"].max()


def test_the_heat_map_has_the_hours_of_the_adequacy_table(results: Results) -> None:
    table = plots.shortfall_heat_table(results, "no-reactor")
    index = results["no-reactor"].adequacy().set_index("load_class")
    sums = table.groupby("load_class")["hours"].sum()
    for name in sums.index:
        assert sums[name] == pytest.approx(index.loc[name, "lolh"] * index.loc[name, "years"])
    ax = plots.shortfall_heat(results, "no-reactor").axes[0]
    (mesh,) = [item for item in ax.collections if isinstance(item, QuadMesh)]
    assert np.asarray(mesh.get_array()).sum() == pytest.approx(sums.sum())


def test_sources_are_stacked_to_what_is_generated(results: Results) -> None:
    table = plots.power_by_source_table(results)
    wide = table.pivot(index="month", columns="series", values="mean")
    ax = plots.power_by_source(results).axes[0]
    areas = {str(area.get_label()): area for area in ax.collections}
    top = max(path.vertices[:, 1].max() for path in areas["solar"].get_paths())
    assert top == pytest.approx(wide[["solar_kw", "fission_kw", "radioisotope_kw"]].sum(axis=1).max())
    assert "fission" not in {
        str(a.get_label()) for a in plots.power_by_source(results, "no-reactor").axes[0].collections
    }


def test_people_are_averaged_over_twelve_months(results: Results) -> None:
    table = plots.people_at_station_table(results, ["baseline"])
    np.testing.assert_allclose(table["smooth"], table["mean"].rolling(12, min_periods=1).mean(), atol=1e-9)
    assert table["mean"].max() > 0
    assert plots.people_at_station_table(results, ["no-reactor"])["mean"].max() >= 0


def test_curves_end_where_too_few_are_observed(results: Results) -> None:
    table = plots.element_survival_table(results, ["service-rover"])
    assert table["alive"].iloc[0] <= 1
    assert (np.diff(table["alive"].dropna()) <= 1e-12).all()
    ax = plots.element_survival(results, ["service-rover"]).axes[0]
    line = ax.get_lines()[0]
    assert len(line.get_xdata()) <= len(table)  # type: ignore[arg-type]
    with pytest.raises(sim.ResultsError, match="no element `spade`"):
        plots.element_survival(results, ["spade"])


def test_bars_of_gates_are_their_table(results: Results) -> None:
    table = plots.gate_bars_table(results, ["crew-visit"])
    ax = plots.gate_bars(results, ["crew-visit"]).axes[0]
    widths = {str(bars.get_label()): [patch.get_width() for patch in bars] for bars in ax.containers}
    for name in ("last", "only_missing", "also_missing"):
        np.testing.assert_allclose(widths[name], table[name])
    assert (table[["last", "only_missing", "also_missing"]].sum(axis=1) <= 1 + 1e-9).all()
    with pytest.raises(sim.ResultsError, match="no gate `heaven`"):
        plots.gate_bars(results, ["heaven"])


def test_a_stock_that_is_not_kept_is_said(results: Results) -> None:
    assert plots.stock_table(results, "spares")["commodity"].eq("spares").all()
    with pytest.raises(sim.ResultsError, match="no commodity `gold`; there are `consumables`"):
        plots.stock(results, "gold")


# One future


def test_a_future_knows_the_life_of_the_station(future: Future) -> None:
    flows, station = future.station.power(), future.station
    series = future.series()
    days = np.append(mdates.date2num(flows["date"]), mdates.date2num(pd.Timestamp(future.meta["horizon"])))
    energy = (flows["load_kw"] * np.diff(days)).sum()
    edges = np.append(mdates.date2num(series.index), days[-1])
    edges[0] = days[0]
    assert (series["load_kw"] * np.diff(edges)).sum() == pytest.approx(energy, rel=1e-4)
    assert station.standings()["crew"].max() > 0
    assert (station.light()["end"] > station.light()["start"]).all()
    assert set(station.phases()["track"]) == {"station", "presence"}
    oxygen = station.stores().query("commodity == 'oxygen'")
    made = series["made_oxygen_kg/d"] * np.diff(edges)
    last = oxygen.iloc[-1]
    until = (days[-1] - mdates.date2num(last["date"])) * last["rate"]
    assert last["level"] + until == pytest.approx(made.sum(), rel=1e-4)


def test_elements_work_as_often_as_they_start_and_stop(future: Future) -> None:
    working = future.station.working()
    assert (working["working"] >= 0).all()
    for name, steps in working.groupby("element"):
        assert np.abs(np.diff([0, *steps["working"]])).max() == 1, name


def test_the_story_tells_what_happens_at_the_station(future: Future) -> None:
    story = future.story()
    assert "dies of cold" in story
    assert "Reactor 40 kW works" in story


def test_stored_energy_moves_as_its_rate_says(future: Future) -> None:
    table = plots.state_of_charge_table(future)
    start, end = worst_season(future)
    assert (end - start).days == SEASON_DAYS
    assert table["date"].iloc[0] >= start
    assert table["date"].iloc[-1] <= end
    assert table["stored_kwh"].max() > 0
    begins, ends = table.iloc[::2].reset_index(), table.iloc[1::2].reset_index()
    hours = (ends["date"] - begins["date"]) / pd.Timedelta(hours=1)
    change = ends["stored_kwh"] - begins["stored_kwh"]
    served_dark = begins["served_kw"] - begins["generated_kw"] > 1e-6
    assert (change[served_dark & (hours > 0)] <= 1e-9).all()
    low, high = monthly_range(future)
    assert (low <= high + 1e-9).all()
    assert high.max() == pytest.approx(future.station.power()["stored_kwh"].max(), rel=0.01)


def test_the_sheet_holds_losses_stand_downs_deaths_and_phases(future: Future) -> None:
    table = plots.station_of_future_table(future)
    assert set(table["part"]) == {"mission", "element", "phase"}
    events = future.events()
    deaths = events[events["what"] == "dies of cold"]
    assert len(deaths) == (table["kind"] == "dies of cold").sum() > 0
    bars = table[table["kind"] == "stand-down"]
    assert (bars["end"] > bars["start"]).all()
    assert gate_levels(future.meta, "firm_power_kw")
    figure = plots.station_of_future(future, start="2032-01-01", end="2040-01-01")
    panel = figure.axes[0].child_axes[0]
    assert panel.get_xlim() == (mdates.date2num(pd.Timestamp("2032-01-01")),
                                mdates.date2num(pd.Timestamp("2040-01-01")))  # fmt: skip


# The report


@pytest.mark.usefixtures("undrawn")
def test_the_report_has_the_station(results: Results) -> None:
    text = render(results, None)
    for part in ('id="power"', 'id="elements"', 'id="people"', "Is there enough power?"):
        assert part in text
    names = {picture.name for picture in pictures(results, None)}
    assert {"people", "power-margin-baseline", "gate-bars-baseline", "stock-baseline"} <= names


def test_the_tables_of_the_report_say_the_numbers(results: Results) -> None:
    (table,) = adequacy_tables(results)
    assert table.columns == ["Baseline", "No reactor"]
    row = results["no-reactor"].adequacy().set_index("load_class").loc["any"]
    cell = table.rows[-1].cells[1]
    assert cell is not None
    assert cell[2] == f"{100 * row['lolp']:.1f} ± {100 * row['lolp_se']:.1f} %"
    (crew,) = crew_tables(results)
    assert [row.title for row in crew.rows][-1] == "Replications with a loss of crew"
    assert all(cell for row in crew.rows for cell in row.cells)
