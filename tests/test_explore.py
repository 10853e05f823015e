"""Exploring without a browser: levers, the same luck, refinement, and the panel's logic."""

from __future__ import annotations

import asyncio
import json

import pytest

import sim
from sim.exploring import CHANGED, Explorer, levers_of
from sim.scenario.load import load_scenario


@pytest.fixture
def explorer() -> Explorer:
    return sim.explore("baseline", "crewed-landing")


def test_each_lever_makes_settings_that_a_scenario_takes(explorer: Explorer) -> None:
    kinds = {name.split()[0] for name in explorer.levers}
    assert kinds == {"delay", "success", "size", "gates"}
    for name, lever in explorer.levers.items():
        assert lever.settings(lever.start) == {}
        assert lever.low <= lever.start <= lever.high
        for value in (lever.low, lever.high):
            if value != lever.start:
                changed = load_scenario("baseline", lever.settings(value))[0]
                assert changed.digest() != explorer._base.digest(), name


def test_a_gate_is_scaled_and_nothing_else(explorer: Explorer) -> None:
    settings = explorer.levers["gates"].settings(0.5)
    old = load_scenario("baseline")[0].effective()["gates"]
    new = load_scenario("baseline", settings)[0].effective()["gates"]

    def leaves(tree: object, path: str = "") -> dict[str, object]:
        if isinstance(tree, dict):
            return {k: v for key, item in tree.items() for k, v in leaves(item, f"{path}/{key}").items()}
        if isinstance(tree, list):
            return {k: v for n, item in enumerate(tree) for k, v in leaves(item, f"{path}/{n}").items()}
        return {path: tree}

    before, after = leaves(old), leaves(new)
    changed = {path for path in before if before[path] != after[path]}
    assert changed
    assert all(path.endswith("_power_kw") for path in changed)
    assert all(after[path] == pytest.approx(before[path] * 0.5) for path in changed)  # type: ignore[operator]


def test_it_runs_on_the_same_luck_and_adds_what_is_missing(explorer: Explorer) -> None:
    plain = explorer.results(4)
    assert plain.scenarios == ["baseline"]
    explorer.set(next(iter(explorer.levers)), 36)
    both = explorer.results(4)
    assert both.scenarios == ["baseline", CHANGED]
    assert both["baseline"].digest() == plain.digest()
    more = explorer.results(6)
    assert [saved.replications for saved in more.saved] == [6, 6]
    explorer.set(next(iter(explorer.levers)), 0)
    assert explorer.results(4).scenarios == ["baseline"]


def test_it_draws_three_pictures(explorer: Explorer) -> None:
    explorer.set(next(iter(explorer.levers)), 36)
    figure = explorer.figure(3)
    assert len(figure.axes) == 3
    assert "crewed landing" in figure.axes[0].get_title(loc="left").lower()


def test_wrong_names_are_said(explorer: Explorer) -> None:
    with pytest.raises(ValueError, match="there is no lever `lunch`; there are delay"):
        explorer.set("lunch", 1)
    with pytest.raises(ValueError, match="there is no milestone `lunch`"):
        explorer.show("lunch")
    with pytest.raises(ValueError, match="not a sweep"):
        sim.explore("luna-slip-sweep")


def test_it_tells_its_levers_in_words(explorer: Explorer) -> None:
    text = repr(explorer)
    assert all(name in text for name in explorer.levers)
    assert len(levers_of(load_scenario("as-announced")[0].scenario)) >= 4


def test_without_widgets_it_still_says_what_to_do(
    explorer: Explorer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sim.exploring_widgets", None)
    explorer._ipython_display_()
    assert "ilrs-sim[notebooks]" in capsys.readouterr().out


def test_the_panel_refines_and_starts_anew(explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ipywidgets")
    from sim import exploring_widgets as explore_widgets

    monkeypatch.setattr(explore_widgets, "FIRST", 2)
    monkeypatch.setattr(explore_widgets, "MOST", 4)
    monkeypatch.setattr(explore_widgets, "_PAUSE_SECONDS", 0.0)

    async def play() -> None:
        panel = explore_widgets.Panel(explorer)
        first = panel.task
        name = next(iter(panel.sliders))
        panel.sliders[name]["widget"].value = 36
        assert explorer.values[name] == 36
        assert panel.task is not first
        assert panel.task is not None
        await panel.task
        assert first is not None
        assert first.cancelled()
        assert bytes(panel.picture.value).startswith(b"\x89PNG")
        assert "4 replications on the same luck" in panel.state.value
        assert "more" not in panel.state.value
        panel.choice.value = "luna-27-landing"
        assert explorer.milestone == "luna-27-landing"
        panel.task.cancel()

    asyncio.run(play())


def test_settings_are_json_where_they_must_be(explorer: Explorer) -> None:
    explorer.set("gates", 0.5)
    assert all(json.loads(text) for key, text in explorer.settings().items() if key.startswith("gates."))
