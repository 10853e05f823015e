"""Luck that is spread evenly, and luck that is tilted: known answers, and errors that are honest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.analysis.estimates import mean
from sim.batch.store import ResultsError
from sim.nature.luck import Luck, SobolLuck, StratifiedLuck, TiltedLuck
from sim.scenario.load import Resolved
from tests.campaigns import mission, resolved

BLOCK = 16
TWO = [("a", 0), ("b", 0)]


@pytest.mark.parametrize("kind", ["stratified", "sobol"])
def test_each_stratum_of_a_block_has_one_replication(kind: str) -> None:
    luck = _luck(kind, 0, 3 * BLOCK)
    for name in ("a", "b", "chance"):
        values = luck.uniforms(name).reshape(3, BLOCK)
        for block in values:
            assert sorted((block * BLOCK).astype(int).tolist()) == list(range(BLOCK))
        assert not np.array_equal(values[0], values[1])


@pytest.mark.parametrize("kind", ["stratified", "sobol"])
def test_a_value_does_not_depend_on_the_run(kind: str) -> None:
    whole = _luck(kind, 0, 50).uniforms("a")
    assert _luck(kind, 13, 9).uniforms("a").tolist() == whole[13:22].tolist()


def test_sobol_points_fill_squares() -> None:
    """A (0, 4, 2)-net: each of the 16 boxes of any shape has one of 16 points, whatever the scrambling."""
    for block in range(20):
        luck = SobolLuck(block, 0, BLOCK, BLOCK, TWO)
        u, v = luck.uniforms("a"), luck.uniforms("b")
        for across in (1, 2, 4, 8, 16):
            boxes = {(int(x * across), int(y * 16 / across)) for x, y in zip(u, v, strict=True)}
            assert len(boxes) == 16


@pytest.mark.parametrize(("kind", "gain"), [("stratified", 5.0), ("sobol", 20.0)])
def test_estimates_are_unbiased_and_more_precise(kind: str, gain: float) -> None:
    """Mean of ``u v`` is 1/4, its variance 7/144; blocks give the error."""
    luck = _luck(kind, 0, 1000 * BLOCK)
    values = luck.uniforms("a") * luck.uniforms("b")
    groups = np.arange(len(values)) // BLOCK
    estimate = mean(values, groups)
    assert abs(estimate.value - 0.25) < 4 * estimate.standard_error
    plain = np.sqrt(7 / 144 / len(values))
    assert (plain / estimate.standard_error) ** 2 > gain


def test_errors_from_blocks_are_honest() -> None:
    """In 300 experiments of 12 blocks the truth lies within two errors about as often as it should."""
    covered = 0
    for trial in range(300):
        luck = StratifiedLuck(trial, 0, 12 * BLOCK, BLOCK)
        estimate = mean(luck.uniforms("a") * luck.uniforms("b"), np.arange(12 * BLOCK) // BLOCK)
        covered += abs(estimate.value - 0.25) < 2.0 * estimate.standard_error
    assert 0.85 * 300 < covered < 0.98 * 300  # Student with 11 degrees of freedom: 93 %


def test_a_batch_has_whole_blocks_and_can_be_extended(tmp_path) -> None:
    item = resolved({"a": mission(100)}, milestones={"m": {"title": "M", "when": {"mission": "a"}}})
    how = {"workers": 1, "progress": False, "record": "dates", "luck": "stratified"}
    first = sim.run(item, 65, out=tmp_path / "a", **how)
    assert first.saved[0].replications == 128
    more = sim.run(item, 192, out=tmp_path / "a", **how)
    assert more.digest() == sim.run(item, 192, out=tmp_path / "b", **how).digest()
    with pytest.raises(sim.ResultsError, match="the luck was stratified, is sobol"):
        sim.run(item, 192, out=tmp_path / "a", **{**how, "luck": "sobol"})


def _luck(kind: str, first: int, count: int) -> Luck:
    if kind == "sobol":
        return SobolLuck(1, first, count, BLOCK, TWO)
    return StratifiedLuck(1, first, count, BLOCK)


# Rare events


def test_tilted_luck_knows_a_small_probability() -> None:
    """Two tails of 1 in 10,000 and a corner of 1 in a million: known by hand."""
    a, b, c, d = (("a", 0), ("b", 0), ("c", 0), ("d", 0))
    boxes = [{a: (0.0, 1e-4)}, {b: (0.9999, 1.0)}, {c: (0.0, 1e-3), d: (0.999, 1.0)}]
    luck = TiltedLuck(5, 0, 20_000, boxes)
    u, v, x, y = (luck.uniforms(name) for name in "abcd")
    happened = (u < 1e-4) | (v >= 0.9999) | ((x < 1e-3) & (y >= 0.999))
    truth = 1 - (1 - 1e-4) ** 2 * (1 - 1e-6)
    estimate = mean(happened * luck.weights)
    assert abs(estimate.value - truth) < 4 * estimate.standard_error
    assert estimate.standard_error < 0.02 * truth  # plain luck: 70 % of it
    assert luck.weights.max() <= 2
    weight = mean(luck.weights)
    assert abs(weight.value - 1) < 4 * weight.standard_error


def test_tilting_does_not_lose_what_lies_outside_its_boxes() -> None:
    luck = TiltedLuck(5, 0, 20_000, [{("a", 0): (0.0, 0.01)}])
    estimate = mean((luck.uniforms("b") < 0.3) * luck.weights)
    assert abs(estimate.value - 0.3) < 4 * estimate.standard_error


def test_tilted_luck_does_not_depend_on_the_run() -> None:
    boxes = [{("a", 0): (0.0, 0.1)}, {("b", 0): (0.5, 0.6)}]
    whole = TiltedLuck(1, 0, 40, boxes)
    part = TiltedLuck(1, 10, 7, boxes)
    assert part.weights.tolist() == whole.weights[10:17].tolist()
    assert part.uniforms("b").tolist() == whole.uniforms("b")[10:17].tolist()
    assert part.uniforms("other").tolist() == Luck(1, 10, 7).uniforms("other").tolist()


def visit(ascent: float, home: float) -> Resolved:
    risk = {
        "launch_abort_effectiveness": 1.0, "descent_abort_effectiveness": 1.0, "stay_per_day": 0.0,
        "ascent": ascent, "journey_home": home,
    }  # fmt: skip
    crew = {"size": 2, "stay_days": 10, "return_days": 5, "needs_berths": False, "risk": risk,
            "medical_per_person_year": 0.0}  # fmt: skip
    visits = {f"crew-{n}": mission(100 * n, family="lander", destination="moon", crew=crew) for n in (1, 2)}
    return resolved({**visits, "robot": mission(50)})


def test_the_loss_of_a_crew_is_that_of_its_risks() -> None:
    """Two visits, each lost with 1 - (1 - 2e-4)(1 - 1e-4); the second may be grounded by the first."""
    one = 1 - (1 - 2e-4) * (1 - 1e-4)
    found = sim.studies.crew_loss(visit(2e-4, 1e-4), 400, workers=1, progress=False)
    assert abs(found.probability.value - 2 * one) < 4 * found.probability.standard_error + one**2
    assert found.probability.standard_error < 0.1 * found.probability.value
    assert found.seen > 150
    assert found.variance_ratio > 300
    assert "replications" in str(found)
    single = sim.studies.crew_loss(visit(2e-4, 1e-4), 400, mission="crew-1", workers=1, progress=False)
    assert abs(single.probability.value - one) < 4 * single.probability.standard_error


def test_a_crew_that_nobody_flies_is_refused() -> None:
    with pytest.raises(
        ValueError, match="there is no crewed mission `robot` ahead; there are crew-1, crew-2"
    ):
        sim.studies.crew_loss(visit(1e-3, 0.0), 10, mission="robot", workers=1, progress=False)
    with pytest.raises(ValueError, match="no crewed mission lies ahead"):
        sim.studies.crew_loss(resolved({"a": mission(100)}), 10, workers=1, progress=False)


@pytest.mark.parametrize(
    "how", [{"draws": 3, "seeds": 2}, {"n": 8, "luck": "sobol"}, {"n": 8, "luck": "stratified"}]
)
def test_a_future_of_saved_results_is_the_one_that_was_saved(how: dict[str, Any], tmp_path: Path) -> None:
    """Also where its luck is not that of a plain batch with the same number."""
    results = sim.run("baseline", seed=5, workers=1, record="dates", out=tmp_path, progress=False, **how)
    saved = results.saved[0].values("milestone_day")
    for replication in (1, 5):
        future = sim.trace("baseline", replication, of=results)
        np.testing.assert_array_equal(future._trace.milestones, saved[replication])
    with pytest.raises(ResultsError, match=r"has replications 0 to .* no 999"):
        sim.trace("baseline", 999, of=tmp_path)
    with pytest.raises(ResultsError, match="is not what it was"):
        sim.trace("baseline", 1, of=tmp_path, settings={"delays.luna-26.months": 3})
