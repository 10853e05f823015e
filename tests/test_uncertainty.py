"""Two layers: addresses, extension, and the split of a variance that is known by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.analysis.estimates import effective_count, grouped_quantile_interval, mean
from sim.analysis.uncertainty import bands, jackknife, split
from sim.batch.run import Batch, Settings
from sim.batch.sampling import Sampling, Tile, sampling_of
from sim.batch.store import ResultsError
from sim.nature.luck import Luck, NestedLuck
from sim.scenario.compile import compile_campaign
from sim.scenario.load import Resolved, load_scenario
from tests.campaigns import campaign_of, mission, resolved


def beta_bernoulli(a: float, b: float) -> Resolved:
    """One landing, of a family of which only ``Beta(a, b)`` is known."""
    return resolved(
        {"lander": mission(100, family="lander", destination="moon")},
        idealise=["launch-failures"],
        families={"lander": {"prior": {"a": a, "b": b}}},
        milestones={"landed": {"title": "Landed", "when": {"mission": "lander"}}},
    )


def nested(item: Resolved, folder: Path, draws: int, seeds: int, **more: object) -> sim.Results:
    settings = Settings(workers=1, record="dates", sampling=sampling_of("random", draws, seeds), **more)  # type: ignore[arg-type]
    Batch([item], folder, settings).run()
    return sim.open_results(folder)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> sim.Results:
    return nested(beta_bernoulli(2.0, 3.0), tmp_path_factory.mktemp("known"), 400, 8)


def test_the_split_of_a_bernoulli_outcome_is_that_of_its_beta(known: sim.Results) -> None:
    """``Var(E[Y|p]) = Var(p) = ab / ((a+b)^2 (a+b+1))``, the whole is ``m (1 - m)``."""
    row = known.uncertainty("landed").iloc[0]
    share = (6 / (25 * 6)) / (0.4 * 0.6)  # 1 / (a + b + 1)
    assert share == pytest.approx(1 / 6)
    assert abs(row["reached_knowledge_share"] - share) < 4 * row["reached_knowledge_share_se"]
    assert 0.01 < row["reached_knowledge_share_se"] < 0.05
    assert abs(row["reached_knowledge_sd"] - 0.2) < 4 * row["reached_knowledge_sd_se"]
    assert abs(row["reached"] - 0.4) < 4 * row["reached_se"]
    assert row["knowledge_share"] == pytest.approx(row["reached_knowledge_share"], abs=1e-9)


def test_the_table_of_milestones_knows_that_seeds_of_a_draw_are_not_independent(known: sim.Results) -> None:
    row = known.milestones().iloc[0]
    naive = np.sqrt(row["reached"] * (1 - row["reached"]) / row["replications"])
    truth = np.sqrt(0.24 * (1 / 6 + 5 / 6 / 8) / 400)
    assert row["reached_se"] == pytest.approx(truth, rel=0.15)
    assert row["reached_se"] > 1.3 * naive


def test_a_sure_family_leaves_nothing_to_know(tmp_path: Path) -> None:
    row = nested(beta_bernoulli(4e6, 6e6), tmp_path, 150, 6).uncertainty().iloc[0]
    assert abs(row["reached_knowledge_share"]) < 4 * row["reached_knowledge_share_se"]
    assert row["reached_knowledge_share"] < 0.1


def test_the_split_is_unbiased_and_its_error_is_honest() -> None:
    """A one-way table with known parts: knowledge 4, chance 9."""
    estimates, covered = [], 0
    for trial in range(200):
        z = np.sqrt(12) * (Luck(trial, 0, 30).uniforms("draw") - 0.5) * 2
        e = np.sqrt(12) * (Luck(trial, 0, 30 * 5).uniforms("chance").reshape(30, 5) - 0.5) * 3
        knowledge, _ = jackknife(z[:, None] + e, lambda t: (split(t).knowledge, split(t).chance))
        estimates.append(knowledge.value)
        covered += abs(knowledge.value - 4) < 1.645 * knowledge.standard_error
    assert np.mean(estimates) == pytest.approx(4, abs=4 * np.std(estimates) / np.sqrt(200))
    assert 160 <= covered <= 196


def test_the_band_within_a_draw_is_not_too_narrow_for_few_seeds() -> None:
    """Uniforms have a P10-P90 band of 0.8 whatever the draw; the plain average of 10 seeds says 0.72."""
    table = Luck(1, 0, 400 * 10).uniforms("u").reshape(400, 10)
    _, within = bands(table)
    assert within == pytest.approx(0.8, abs=0.02)
    low, high = np.quantile(table, (0.1, 0.9), axis=1)
    assert (high - low).mean() < 0.75


def test_streams_of_what_we_do_not_know_are_marked() -> None:
    scenario = load_scenario("baseline", {"delays.luna-26.months": "{uniform: {low: 0, high: 9}}"})[0]
    campaign = compile_campaign(scenario.scenario, "b")
    unknown = {draw.stream for draw in campaign.draws(epistemic=True)}
    chance = {draw.stream for draw in campaign.draws(epistemic=False)}
    assert {
        "family/luna/success-probability", "vehicle/angara-a5/fix-effectiveness", "family/luna/learning",
        "slip-class/russia/median", "programme/roscosmos/slip", "site/light", "mission/luna-26/delay",
    } <= unknown  # fmt: skip
    assert not unknown & chance
    assert all("mission/" not in stream or stream.endswith("/delay") for stream in unknown)
    assert any(stream.startswith("mission/luna-27") and stream.endswith("/landing") for stream in chance)


def test_a_draw_has_one_value_for_all_its_seeds_and_that_of_the_plain_replication() -> None:
    luck = NestedLuck(1, 0, *Sampling().extended(5, 4).pairs(np.arange(20)))
    unknown = luck.uniforms("s", 0, epistemic=True).reshape(5, 4)
    assert (unknown == unknown[:, :1]).all()
    assert unknown[:, 0].tolist() == Luck(1, 0, 5).uniforms("s").tolist()
    chance = luck.uniforms("s").reshape(5, 4)
    assert len(np.unique(chance)) == 20


@pytest.mark.parametrize(
    "steps", [[(3, 2), (5, 4)], [(5, 2), (5, 4)], [(3, 4), (5, 4)], [(3, 2), (3, 4), (5, 4)]]
)
def test_draws_and_seeds_are_extended_separately(steps: list, tmp_path: Path) -> None:
    item = beta_bernoulli(2.0, 3.0)
    digest = nested(item, tmp_path / "at-once", 5, 4).digest()
    for draws, seeds in steps:
        before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("steps/**/*.npz")}
        results = nested(item, tmp_path / "steps", draws, seeds)
        assert {path: path.stat().st_mtime_ns for path in before} == before
    assert results.digest() == digest
    assert results.batch["sampling"]["kind"] == "nested"
    assert results.saved[0].replications == 20


def test_a_smaller_nested_batch_is_there_already(tmp_path: Path) -> None:
    first = nested(beta_bernoulli(2.0, 3.0), tmp_path, 5, 4).digest()
    assert nested(beta_bernoulli(2.0, 3.0), tmp_path, 2, 2).digest() == first


def test_an_interrupted_nested_batch_is_completed(tmp_path: Path) -> None:
    item = beta_bernoulli(2.0, 3.0)
    digest = nested(item, tmp_path, 6, 4, chunk=5).digest()
    for path in sorted(tmp_path.rglob("*.npz"))[1:4]:
        path.unlink()
    with pytest.raises(ResultsError, match="2 whole draws of 4 seeds"):
        sim.open_results(tmp_path).uncertainty()
    assert nested(item, tmp_path, 6, 4, chunk=24).digest() == digest


def test_plain_and_nested_results_do_not_mix(tmp_path: Path) -> None:
    item = beta_bernoulli(2.0, 3.0)
    nested(item, tmp_path, 3, 2)
    with pytest.raises(ResultsError, match="the luck was nested, is random"):
        Batch([item], tmp_path, Settings(replications=6, workers=1, record="dates")).run()
    shutil.rmtree(tmp_path)
    Batch([item], tmp_path, Settings(replications=6, workers=1, record="dates")).run()
    with pytest.raises(ResultsError, match="--draws 200 --seeds 20"):
        sim.open_results(tmp_path).uncertainty()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("random", 5, None), "needs both"),
        (("random", 5, 1), "at least 1 draw and 2 seeds"),
        (("sobol", 5, 2), "takes plain luck"),
        (("magic", None, None), "there is no luck `magic`"),
    ],
)
def test_what_does_not_go_together_is_said(arguments: tuple, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sampling_of(*arguments)


def test_tiles_cover_each_pair_once() -> None:
    sampling = Sampling().extended(3, 2).extended(4, 2).extended(6, 5)
    draws, seeds = sampling.pairs(np.arange(30))
    assert sampling.tiles[0] == Tile(0, 3, 0, 2)
    assert sorted(zip(draws.tolist(), seeds.tolist(), strict=True)) == [
        (draw, seed) for draw in range(6) for seed in range(5)
    ]
    assert Sampling.read({"sampling": sampling.written()}) == sampling
    assert Sampling.read({}) == Sampling()


def test_grouped_errors_are_those_of_the_groups() -> None:
    groups = np.repeat(np.arange(50), 10)
    values = np.repeat(Luck(3, 0, 50).uniforms("g"), 10)
    assert mean(values, groups).standard_error == pytest.approx(mean(values[::10]).standard_error)
    assert effective_count(values, groups) == pytest.approx(50, abs=1)
    low, high = grouped_quantile_interval(values, 0.5, groups)
    assert low < np.median(values) < high
    assert high - low > 0.1


def test_the_plot_shows_its_table(known: sim.Results) -> None:
    for quantity in ("band", "variance", "reached"):
        table = sim.plots.uncertainty_table(known, quantity=quantity)
        figure = sim.plots.uncertainty(known, quantity=quantity)
        widths = [patch.get_width() for patch in figure.axes[0].patches]
        assert widths[0] == pytest.approx(max(table["chance"].iloc[0], 0))
        assert widths[1] == pytest.approx(max(table["whole"].iloc[0] - widths[0], 0))
    with pytest.raises(ResultsError, match="there is no quantity `width`"):
        sim.plots.uncertainty_table(known, quantity="width")
    with pytest.raises(ResultsError, match="there is no milestone `lunch`"):
        known.uncertainty("lunch")


def test_a_campaign_without_unknowns_has_none() -> None:
    campaign = campaign_of({"a": mission(100)}, idealise=[])
    assert {draw.stream.split("/")[0] for draw in campaign.draws(epistemic=True)} <= {
        "vehicle", "family", "programme", "slip-class"
    }  # fmt: skip
