"""What if: variations on the same luck, their exact effects, and a ranking that keeps its promise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.special import ndtri

import sim
from sim import plots
from sim.analysis.ranking import rank, simultaneous_interval, tellable
from sim.analysis.upstream import upstream
from sim.cli import main
from sim.nature.luck import Luck
from sim.plots.style import Picture
from sim.scenario.load import load_scenario
from sim.scenario.variation import Variation, read_variations, shipped_levers, varied
from tests.campaigns import mission
from tests.chains import LOSABLE, chain, chained

REBUILD = {"policy": "rebuild", "max_attempts": 2, "rebuild_days": 200}


def losable(**tables: Any) -> sim.scenario.load.Resolved:
    """b lands, may be lost, and is then built anew."""
    missions = chain(b=mission(50, name="B", after=["a"], family="lander", on_loss=REBUILD))
    return chained(
        "x", missions, **{"families": {"lander": LOSABLE}, "idealise": ["launch-failures"], **tables}
    )


LANDS = Variation("b-safe", "Had B landed", {"force": {"b": {"landing": "success"}}})
QUIET: dict[str, Any] = {"workers": 1, "progress": False}


def test_a_forced_landing_changes_exactly_the_replications_in_which_it_was_lost() -> None:
    found = sim.studies.counterfactuals(losable(), "it", n=60, candidates=[LANDS], **QUIET)
    attempts = found.base.read("attempts")[:, 1]
    status = found.base.read("status")[:, 1]
    lost = (attempts > 1) | (status != found.base.meta["statuses"].index("success"))
    before, after = (saved.read("milestone_day")[:, 0] for saved in (found.base, found.varied[0]))
    same = (before == after) | (np.isnan(before) & np.isnan(after))
    np.testing.assert_array_equal(~same, lost)
    assert 0 < lost.sum() < 60
    row = found.table().iloc[0]
    assert row["changed"] == pytest.approx(lost.mean())
    assert (after == 120).all()
    assert found.sentences()[0].startswith("Had B landed: -")


def test_candidates_come_from_the_path_and_what_is_upstream() -> None:
    slips = {"kept": {"on_time_probability": 0.2, "median_growth": 2.0, "sigma": 0.5}}
    found = sim.studies.counterfactuals(losable(slip_classes=slips), "it", n=40, **QUIET)
    table = found.table().set_index("candidate")
    assert {"a-on-time", "b-safe", "no-slip"} <= set(table.index)
    assert not {"c-on-time", "c-kept"} & set(table.index)
    assert (table["days"].diff().dropna() >= 0).all()
    assert table.loc["no-slip", "days"] < 0
    assert isinstance(plots.counterfactuals(found), Picture)


def test_a_mission_that_does_not_slip_is_ready_as_planned() -> None:
    slips = {"kept": {"on_time_probability": 0.0, "median_growth": 2.0, "sigma": 0.5}}
    on_time = Variation("a", "A on time", {"force": {"a": {"slip": "none"}}})
    found = sim.studies.counterfactuals(
        chained("x", chain(), slip_classes=slips), "it", n=10, candidates=[on_time], **QUIET
    )
    launches = [saved.read("launch_day") for saved in (found.base, found.varied[0])]
    assert (launches[0][:, 0] != 100).all()
    assert (launches[1][:, 0] == 100).all()


def test_idealisations_are_added_and_the_rest_is_laid_over() -> None:
    base = losable()
    item = varied(base, Variation("v", "V", {"idealise": ["scrubs"], "missions": {"a": {"priority": 3}}}))
    assert item.name == "x[v]"
    assert item.scenario.idealise == ("launch-failures", "scrubs")
    assert item.scenario.missions["a"].priority == 3
    with pytest.raises(sim.ScenarioError, match="no mission `z`"):
        varied(base, Variation("v", "V", {"force": {"z": {"slip": "none"}}}))


def test_upstream_follows_predecessors_gates_and_elements() -> None:
    scenario = load_scenario("baseline")[0].scenario
    assert {"crewed-landing-1", "lanyue-uncrewed-landing", "cz10-first-flight"} <= upstream(
        scenario, "crewed-landing"
    )
    assert "luna-27a" not in upstream(scenario, "crewed-landing")
    assert {"ilrs-delivery-1", "lunar-power-plant", "luna-27a"} <= upstream(scenario, "power-plant")
    assert "station-build-1" in upstream(scenario, "station-visit")


def test_the_exit_of_a_partner_costs_what_it_would_have_flown() -> None:
    programmes = {"other": {"name": "Other", "slip": "kept", "slip_correlation": 0.0}}
    missions = chain(a=mission(400, name="A", programme="other"))
    base = chained("x", missions, programmes=programmes)
    found = sim.studies.partner_dependency(base, [2031, 2033], n=3, milestones=["it"], **QUIET)
    table = found.table().query("measure == 'it'").set_index(["partner", "year"])
    horizon = found.base.horizon - found.base.origin
    assert table.loc[("other", 2031), "change"] == horizon - 427
    assert table.loc[("other", 2033), "change"] == 0
    assert table.loc[("other", 2031), "reached"] == -100
    assert isinstance(plots.partner_dependency(found), Picture)


def test_levers_are_ranked_with_doing_nothing_among_them() -> None:
    faster = Variation("faster", "Faster", {"missions": {"a": {"planned": "2030-02-20"}}}, "assumption: x")
    slower = Variation("slower", "Slower", {"delays": {"a": {"days": 10}}})
    found = sim.studies.levers(chained("x", chain()), "it", n=20, policies=[slower, faster], **QUIET)
    table = found.table()
    assert table["lever"].tolist() == ["faster", "nothing", "slower"]
    assert table["effect"].tolist() == [-50, 0, 10]
    assert table["rank_best"].tolist() == table["rank_worst"].tolist() == [1, 2, 3]
    assert table["surely_helps"].tolist() == [True, False, False]
    assert isinstance(plots.levers(found), Picture)
    with pytest.raises(sim.ResultsError, match="there is no outcome `joy`"):
        sim.studies.levers(chained("x", chain()), "joy", n=2, policies=[faster], **QUIET)


def test_every_shipped_lever_changes_the_baseline() -> None:
    base = load_scenario("baseline")[0]
    policies = read_variations(shipped_levers())
    assert len(policies) >= 8
    digests = {varied(base, policy).digest() for policy in policies}
    assert len(digests | {base.digest()}) == len(policies) + 1
    assert all(policy.why.startswith("assumption: ") for policy in policies)


def test_mistakes_in_a_file_of_levers_are_told_together(tmp_path: Path) -> None:
    path = tmp_path / "levers.yaml"
    path.write_text("one: {title: One, set: 3}\ntwo: {title: Two, why: x, sets: {}}\n")
    with pytest.raises(sim.ScenarioError) as told:
        read_variations(path)
    for part in ("`why` is missing", "`set` is missing", "unknown key", "a mapping of changes is needed"):
        assert part in str(told.value)


# The ranking


def synthetic(trial: int, true: np.ndarray, count: int = 40) -> np.ndarray:
    """Outcomes with a shared part, as common random numbers give, and one of each option's own."""
    luck = Luck(trial, 0, count)
    shared = ndtri(luck.uniforms("shared"))
    own = [ndtri(luck.uniforms(f"own-{n}")) for n in range(len(true))]
    return np.stack([true[n] + 3 * shared + own[n] for n in range(len(true))], axis=1)


def test_all_statements_hold_at_once_as_often_as_promised() -> None:
    true = np.array([0.0, 0.0, 0.2, 0.8, 1.0])
    names = list("abcde")
    wrong_intervals = wrong_calls = called = 0
    for trial in range(300):
        found = rank(synthetic(trial, true), names, smaller_is_better=True)
        exact = true[:, None] - true[None, :]
        wrong_intervals += bool(((exact < found.low - 1e-12) | (exact > found.high + 1e-12)).any())
        wrong_calls += bool((found.better & (exact >= 0)).any())
        called += int(found.better.sum())
        table = found.table().set_index("option")
        if not (found.better & (exact >= 0)).any():
            assert table.loc["e", "rank_worst"] == 5
            assert table.loc["a", "rank_best"] == 1
    assert wrong_intervals / 300 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)
    assert wrong_calls / 300 <= 0.05
    assert called / 300 > 4


def test_more_can_be_better() -> None:
    values = synthetic(1, np.array([0.0, 5.0]))
    assert rank(values, ["low", "high"], smaller_is_better=False).table()["option"].tolist() == [
        "high",
        "low",
    ]
    assert "among: high" in rank(values, ["low", "high"], smaller_is_better=False).guarantee


def test_options_that_differ_in_few_replications_are_not_told_apart() -> None:
    difference = np.zeros(500)
    difference[:5] = -100.0, -101.0, -99.0, -100.0, -100.0
    assert not tellable(difference, 0.01)
    difference[:9] = -100.0
    assert tellable(difference, 0.01)
    assert not tellable(np.zeros(10), 0.01)
    assert simultaneous_interval(np.array([1.0]), 0.01) == (-np.inf, np.inf)


# The command line


def test_explain_says_why_against_what_and_what_would_help(tmp_path: Path) -> None:
    levers = tmp_path / "levers.yaml"
    levers.write_text("pad: {title: A pad, why: x, set: {pads: {wenchang-lc301: {count: 2}}}}\n")
    arguments = [
        *("explain", "luna-slips", "-m", "luna-27-landing", "-n", "12", "--workers", "1"),
        *("--against", "baseline", "--levers", "--policies", str(levers), "--out", str(tmp_path / "why")),
    ]
    outcome = CliRunner().invoke(main, arguments, env={"COLUMNS": "100"}, catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    for part in ("who is on the critical path", "against Baseline", "delay", "lever", "confidence"):
        assert part.lower() in outcome.output.lower()
    assert {path.name for path in (tmp_path / "why" / "plots").iterdir()} == {
        "waterfall.png", "path.png", "difference.png", "levers.png",
    }  # fmt: skip


def test_explaining_a_sweep_is_wrong_use() -> None:
    outcome = CliRunner().invoke(main, ["explain", "luna-slip-sweep"])
    assert outcome.exit_code == 2
    assert "Traceback" not in outcome.output
