"""Hindcasts: nothing later than the data date is read, scores have known answers, the aim is met."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import sim
from sim import plots
from sim.analysis import scoring
from sim.analysis.hindcast import Hindcast, Scored, cross_validate, known_mean_slip
from sim.analysis.landing_scores import METHODS, brier_scores, landing_of, one_by_one
from sim.evidence.calibrate import as_data, calibrate
from sim.evidence.record import Announcement, Landing, LaunchCount, Record, StandDown, known_at
from sim.nature.luck import Luck
from sim.scenario.compile import compile_campaign
from sim.scenario.hindcast import HindcastError, hindcast_scenario
from sim.scenario.load import load_scenario

DAYS = (date(2016, 1, 1), date(2021, 1, 1))
LATER = date(2049, 5, 5)


@pytest.fixture(scope="module")
def record() -> Record:
    return sim.studies.read_record()


@pytest.fixture(scope="module")
def hindcast(tmp_path_factory: pytest.TempPathFactory) -> Hindcast:
    return sim.studies.hindcast(
        DAYS, 120, out=tmp_path_factory.mktemp("hindcast"), workers=1, progress=False
    )


@pytest.fixture(scope="module")
def left_out(record: Record) -> Scored:
    return cross_validate(record)


# -------------------------------------------------------------------------------- nothing later is read


def poisoned(record: Record, day: date) -> Record:
    """Change everything that was not known on a day: later rows, later outcomes, later plans."""

    def said(row: Announcement) -> Announcement:
        if row.announced > day:
            return replace(row, planned=LATER, planned_half_width=1.0, announced=row.announced)
        if row.launched is not None and row.launched > day:
            return replace(row, launched=None, state="censored", as_of=LATER, current_plan=LATER)
        if row.as_of is not None and row.as_of > day:
            return replace(row, as_of=LATER, current_plan=LATER)
        return row

    def landed(row: Landing) -> Landing:
        return row if row.known <= day else replace(row, success=not row.success, family="poison")

    def launched(row: LaunchCount) -> LaunchCount:
        return row if row.as_of <= day else replace(row, failures=row.attempts)

    def stood(row: StandDown) -> StandDown:
        if row.failed > day:
            return replace(row, days=1.0)
        ended = row.flown_again is not None and row.flown_again <= day
        passed = row.censored and row.days <= (day - row.failed).days
        return row if ended or passed else replace(row, flown_again=LATER, days=30_000.0, censored=False)

    return Record(
        tuple(map(said, record.announcements)),
        tuple(map(landed, record.landings)),
        tuple(map(launched, record.launches)),
        tuple(map(stood, record.stand_downs)),
    )


@pytest.mark.parametrize("day", [date(2012, 1, 1), date(2016, 1, 1), date(2021, 1, 1), date(2025, 1, 1)])
def test_no_later_row_is_read(record: Record, day: date) -> None:
    base = load_scenario("baseline")[0]
    other = poisoned(record, day)
    assert other != record
    assert known_at(other, day) == known_at(record, day)
    assert as_data(calibrate(known_at(other, day))) == as_data(calibrate(known_at(record, day)))
    ours, theirs = hindcast_scenario(base, record, day), hindcast_scenario(base, other, day)
    assert ours.effective() == theirs.effective()
    assert known_mean_slip(record, day, "China") == known_mean_slip(other, day, "China")


def test_the_plans_are_those_of_the_day(record: Record) -> None:
    made = hindcast_scenario(load_scenario("baseline")[0], record, DAYS[1])
    campaign = compile_campaign(made.scenario, made.name)
    assert campaign.data_date == DAYS[1]
    names = {row.name for row in campaign.missions}
    assert {"Luna-25", "Luna-26", "Luna-27A", "Artemis I (SLS first flight)"} <= names
    assert "Chang'e-5" not in names
    assert "Chang'e-8" not in names  # not announced yet
    assert not campaign.milestones


def test_dates_without_a_record_are_told(record: Record) -> None:
    base = load_scenario("baseline")[0]
    with pytest.raises(HindcastError, match="take a later date"):
        hindcast_scenario(base, record, date(2000, 1, 1))
    with pytest.raises(HindcastError, match="is not past"):
        hindcast_scenario(base, record, record.evidence + timedelta(days=1))
    with pytest.raises(sim.ResultsError, match="take a later date"):
        sim.studies.hindcast([date(2000, 1, 1)], 2, progress=False)


def test_the_baseline_itself_runs_from_the_past(tmp_path: Path) -> None:
    settings = {"data_date": "2012-01-01"}
    results = sim.run(
        "baseline", 1, settings=settings, out=tmp_path, workers=1, progress=False, record="dates"
    )
    assert results.failures().empty
    assert "luna-30" in results.saved[0].meta["unknown_missions"]


# ------------------------------------------------------------------------------------------- the scores


def test_crps_closed_forms() -> None:
    certain = scoring.ensemble_cdf(np.full(50, 3.0))
    assert scoring.crps_of_cdf(certain, 5.0, 9.0) == pytest.approx(2.0, abs=0.02)
    assert scoring.crps_of_cdf(certain, None, 4.0) == pytest.approx(1.0, abs=0.02)
    uniform = lambda t: np.clip(t / 2, 0, 1)  # noqa: E731
    assert scoring.crps_of_cdf(uniform, 1.0, 9.0) == pytest.approx(2 / 12, abs=1e-3)
    assert scoring.crps_of_point(3.0, 5.0, 9.0) == 2.0


def made_scores(wide: float) -> list[scoring.Score]:
    """Exponential waits, some censored, forecast with `wide` times their true mean."""
    uniforms = Luck(5, 0, 600).uniforms("waits")
    ends = 4 * Luck(5, 0, 600).uniforms("ends")
    scores = []
    for n, (u, end) in enumerate(zip(uniforms, ends, strict=True)):
        wait = float(-2 * np.log1p(-u))
        happened = wait if wait <= end else None
        cdf = lambda t: 1 - np.exp(-np.maximum(t, 0) / (2 * wide))  # noqa: E731
        scores.append(scoring.Score(f"m{n}", "g", 0, 0, 0, *scoring.pit(cdf, happened, end)))
    return scores


def test_a_calibrated_forecast_covers_what_it_promises_also_with_censoring() -> None:
    scores = made_scores(1.0)
    assert 0.3 < np.mean([score.censored for score in scores]) < 0.8
    for level in scoring.LEVELS:
        error = np.sqrt(level * (1 - level) / 600)
        assert scoring.coverage(scores, level) == pytest.approx(level, abs=3 * error)
    weight = np.ones(len(scores))
    assert scoring.pit_histogram(scores, weight) == pytest.approx(np.full(10, 0.1), abs=0.04)
    low, high = scoring.coverage_bounds(scores, 0.8, weight)
    assert low < scoring.coverage(scores, 0.8) < high


def test_a_forecast_that_is_too_early_is_found_out() -> None:
    histogram = scoring.pit_histogram(made_scores(0.3), np.ones(600))
    assert histogram[-1] > 0.3
    assert scoring.coverage(made_scores(0.3), 0.8) < 0.6


def test_brier_and_weights() -> None:
    assert scoring.brier(np.array([1.0, 0.0]), np.array([1.0, 1.0])) == 0.5
    assert scoring.mission_weights(["a", "a", "b"]).tolist() == [0.5, 0.5, 1.0]


# ------------------------------------------------------------------------------ hindcasts of the record


def test_the_aim_is_met(hindcast: Hindcast) -> None:
    whole = hindcast.scored.summary().iloc[-1]
    assert whole["data_date"] == "all dates"
    assert whole["better_than_plan"] > 0.3
    assert whole["better_than_mean_slip"] > 0
    assert 0.7 <= whole["inside_80%"] <= 0.9
    assert whole["inside_80%_at_least"] < whole["inside_80%"] < whole["inside_80%_at_most"]


def test_missions_left_out_are_covered(left_out: Scored) -> None:
    whole = left_out.summary().iloc[-1]
    assert whole["cases"] > 700
    assert 0.7 <= whole["inside_80%"] <= 0.9
    assert whole["better_than_plan"] > 0.3


def test_the_receding_plans_of_luna_26_and_27_come_out(hindcast: Hindcast) -> None:
    table = plots.receding_plan_table(hindcast.scored)
    assert set(table["mission"]) == {"Luna-26", "Luna-27A"}
    assert table["happened"].isna().all()
    years = pd.Timedelta(days=365)
    for _, part in table.groupby("mission"):
        assert part["planned"].is_monotonic_increasing
        assert (
            (part["p50"] - part["planned"]) > 3 * years
        ).all()  # what was forecast lies years behind the plan
        first = part.iloc[0]
        assert first["p90"] > pd.Timestamp("2026-09-13")  # seen from 2016, not flown by now was possible
        assert part.iloc[-1]["planned"] < first["p90"]


def test_landings_are_scored_honestly(hindcast: Hindcast, record: Record) -> None:
    assert {"Luna-25", "Chang'e-4"} <= set(hindcast.landings["mission"])
    assert hindcast.landings["forecast"].between(0.05, 0.98).all()
    single = one_by_one(record)
    assert len(single) >= 28
    scores = brier_scores(single, tuple(METHODS))
    assert scores["coin"] == 0.25
    assert all(0.15 < score < 0.32 for score in scores.values())


def test_a_landing_is_found_by_the_name_of_its_mission(record: Record) -> None:
    found = landing_of("IM-1", record.landings)
    assert found is not None
    assert found.mission == "IM-1 Odysseus"
    assert landing_of("Luna-2", record.landings) is None


@pytest.mark.parametrize("draw", [plots.interval_calibration, plots.pit, plots.receding_plan])
def test_plots_of_hindcasts(hindcast: Hindcast, draw) -> None:  # type: ignore[no-untyped-def]
    assert isinstance(draw(hindcast.scored), Figure)


def test_forecast_against_fact_draws_its_table(hindcast: Hindcast) -> None:
    table = plots.forecast_against_fact_table(hindcast.scored, "2021-01-01")
    figure = plots.forecast_against_fact(hindcast.scored, "2021-01-01")
    dots = next(line for line in figure.axes[0].get_lines() if line.get_marker() == "o")
    assert len(dots.get_xdata()) == len(table)
    with pytest.raises(ValueError, match="there are 2016-01-01, 2021-01-01"):
        plots.forecast_against_fact(hindcast.scored, "1999-01-01")


def test_plots_of_the_calibration_draw_their_tables() -> None:
    fits = sim.studies.calibrated()
    for draw in (
        plots.fitted_growth,
        plots.fitted_stand_downs,
        plots.landing_success,
        plots.launch_success,
    ):
        assert isinstance(draw(fits), Figure)
    table = plots.weak_evidence_table(fits)
    axes = plots.weak_evidence(fits).axes[0]
    assert len(axes.get_yticklabels()) == len(table)
    shares = plots.fitted_growth_table(fits)["share"]
    assert shares.between(0, 1).all()
    assert set(plots.fitted_stand_downs_table(fits)["kind"]) == {"record", "fit"}
    assert len(plots.landing_success_table(fits)) > len(plots.launch_success_table(fits)) / 2
    assert plots.interval_calibration_table is not plots.pit_table
