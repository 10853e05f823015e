"""Sequential stopping: goals are read, intervals are honest, censored quantiles end the run."""

from __future__ import annotations

from math import inf
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from sim.analysis.estimates import quantile_interval
from sim.batch.store import ResultsError
from sim.batch.until import Goal, confidence_at, read_goal, sizes
from sim.cli import main
from sim.nature.calendar import DAYS_PER_MONTH
from sim.nature.luck import Luck
from sim.scenario.load import Resolved
from tests.campaigns import mission, resolved

KNOWN = ["crewed-landing", "permanent-presence"]
HOW = {"workers": 1, "progress": False, "record": "dates"}


def chancy(cancelled: float = 0.0) -> Resolved:
    """Arrival is uniform over 300 days; a share never comes."""
    transit = {"uniform": {"low": 5.0, "high": 305.0}}
    return resolved(
        {
            "probe": mission(
                100, destination="moon", transit_days=transit, cancellation_probability=cancelled
            )
        },
        idealise=["launch-failures", "landing-failures"],
        milestones={"there": {"title": "There", "when": {"mission": "probe"}}},
    )


def test_a_goal_is_read() -> None:
    goal = read_goal("0.5 months on P80 of permanent-presence", KNOWN)
    assert goal == Goal(0.5 * DAYS_PER_MONTH, 0.8, "permanent-presence")
    assert goal.quantile == "P80"
    assert read_goal(" 10 days  on p5 of crewed-landing ", KNOWN) == Goal(10.0, 0.05, "crewed-landing")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("soon", "write it like `0.5 months on P80 of permanent-presence`"),
        ("2 weeks on P80 of crewed-landing", "is not understood"),
        ("0 days on P80 of crewed-landing", "more than 0"),
        ("1 days on P0 of crewed-landing", "P1 to P99"),
        ("1 days on P80 of lunch", "there is no milestone `lunch`; there are crewed-landing"),
        ("-1 days on P80 of crewed-landing", "is not understood"),
    ],
)
def test_a_goal_that_is_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_goal(text, KNOWN)


def test_the_looks_share_the_error_among_them() -> None:
    spent = sum(1 - confidence_at(look) for look in range(1, 2000))
    assert spent == pytest.approx(0.1, rel=1e-3)
    assert spent < 0.1
    assert sizes(100) == [100]
    assert sizes(1000) == [100, 200, 400, 800, 1000]


def test_the_interval_at_the_stop_covers_as_often_as_it_says() -> None:
    """400 sequential runs on exponential dates; the true P80 is in the last interval in 90 % or more."""
    truth, covered, stopped_early = -np.log(0.2), 0, 0
    goal = Goal(0.18, 0.8, "m")
    for trial in range(400):
        dates = -np.log(Luck(trial, 0, 3200).uniforms("t"))
        for look, count in enumerate(sizes(3200), start=1):
            low, high = quantile_interval(np.sort(dates[:count]), 0.8, confidence_at(look))
            if goal.reached(low, high):
                break
        covered += low <= truth <= high
        stopped_early += count < 3200
    assert covered >= 360
    assert stopped_early > 300


def test_it_stops_when_the_interval_is_narrow_enough(tmp_path: Path) -> None:
    results = sim.run(chancy(), until="20 days on P80 of there", out=tmp_path, **HOW)
    table = results.until
    last = table.iloc[-1]
    assert last["done"]
    assert (last["high"] - last["low"]).days <= 40
    assert not table["done"].iloc[:-1].any()
    assert last["replications"] == results.saved[0].replications
    assert table["replications"].tolist() == [100 * 2**n for n in range(len(table))]
    again = sim.run(chancy(), until="20 days on P80 of there", out=tmp_path, **HOW).until
    assert again.equals(table)


def test_what_is_there_already_does_not_change_the_answer(tmp_path: Path) -> None:
    fresh = sim.run(chancy(), until="20 days on P80 of there", out=tmp_path / "fresh", **HOW).until
    sim.run(chancy(), 700, out=tmp_path / "old", **HOW)
    assert sim.run(chancy(), until="20 days on P80 of there", out=tmp_path / "old", **HOW).until.equals(
        fresh
    )


def test_a_quantile_surely_beyond_the_horizon_ends_it(tmp_path: Path) -> None:
    table = sim.run(chancy(0.6), until="1 days on P80 of there", out=tmp_path, **HOW).until
    assert table["done"].tolist() == [True]
    assert table["beyond"].tolist() == [True]
    assert table["low"].isna().all()


def test_a_quantile_at_the_edge_goes_on_until_there_are_no_more(tmp_path: Path) -> None:
    table = sim.run(chancy(0.2), until="20 days on P80 of there", most=400, out=tmp_path, **HOW).until
    assert table["replications"].tolist() == [100, 200, 400]
    assert not table["done"].any()
    assert table["high"].isna().all()


def test_goals_are_judged_with_infinite_bounds() -> None:
    goal = Goal(10, 0.8, "m")
    assert goal.reached(5, 25)
    assert not goal.reached(5, 26)
    assert not goal.reached(5, inf)
    assert not goal.reached(-inf, 5)
    assert goal.reached(inf, inf)


def test_results_without_a_goal_have_no_looks(tmp_path: Path) -> None:
    results = sim.run(chancy(), 5, out=tmp_path, **HOW)
    with pytest.raises(ResultsError, match="no goal was given"):
        _ = results.until
    for more in ({"luck": "sobol"}, {"draws": 5, "seeds": 2}):
        with pytest.raises(ValueError, match="a goal needs plain luck"):
            sim.run(chancy(), until="1 days on P80 of there", **more, **HOW)


def test_the_command_says_how_many_it_took(tmp_path: Path) -> None:
    arguments = ["run", "baseline", "--until", "40 months on P50 of crewed-landing", "--no-report"]
    arguments += ["--record", "dates", "--workers", "1", "--most", "100", "--out", str(tmp_path)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert "goal reached after 100" in " ".join(result.output.split())
    wrong = CliRunner().invoke(main, ["run", "baseline", "--until", "soon"])
    assert wrong.exit_code == 2
    assert "is not understood" in wrong.output
