"""The public names, and how what they give prints and renders."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim import studies
from sim.analysis.display import as_html
from sim.scenario.problems import ScenarioError
from tests.small import BROKEN

GOOD = BROKEN / "good.yaml"
HOSTILE = "<script>alert('x')</script>"
LIT = {"station.light.lit_days": 45}


def late() -> sim.Draft:
    return sim.scenario(GOOD).with_changes(
        {**LIT, "delays.lander-1.months": 12}, name="late", title=HOSTILE
    )


def test_the_core_is_small_and_all_of_it_is_there() -> None:
    assert len(sim.__all__) <= 16
    for name in sim.__all__:
        assert getattr(sim, name) is not None
    for name in studies.__all__:
        assert getattr(studies, name) is not None
        assert name in (studies.__doc__ or "") or name[0].isupper()


def test_a_study_that_is_looked_for_in_the_core_is_pointed_to() -> None:
    with pytest.raises(AttributeError, match=r"it is sim\.studies\.levers"):
        sim.levers  # noqa: B018
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        sim.nothing  # noqa: B018


def test_a_draft_shows_what_it_changes_and_where_that_is_written() -> None:
    draft = sim.scenario(GOOD).with_changes({"delays": {"lander-1": {"months": 30}}}, title=HOSTILE)
    key, value, place = draft.changes()[0]
    assert (key, value) == ("delays.lander-1.months", "30")
    assert Path(place.rpartition(":")[0]).name == Path(__file__).name
    assert "delays.lander-1.months: 30" in repr(draft)
    html = draft._repr_html_()
    assert "<td>delays.lander-1.months</td><td>30</td>" in html
    assert "<script" not in html


def test_settings_are_laid_over_a_checked_scenario_and_overrides_are_refused() -> None:
    (resolved,) = sim.scenario(GOOD).check()
    late = sim.trace(resolved, 0, settings={"delays.lander-1.months": 30})
    assert (
        late.missions().set_index("mission")["launch"]["lander-1"]
        > sim.trace(resolved, 0).missions().set_index("mission")["launch"]["lander-1"]
    )
    with pytest.raises(ScenarioError, match="takes no overrides"):
        sim.trace(resolved, 0, overrides=["second-pad"])


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> sim.Results:
    out = tmp_path_factory.mktemp("api")
    return sim.run(
        [sim.scenario(GOOD).with_changes(LIT, name="lit"), late()],
        24,
        record="paths",
        out=out,
        workers=1,
        progress=False,
    )


def test_everything_found_prints_in_a_few_lines_and_renders_escaped(results: sim.Results) -> None:
    how = {"workers": 1, "progress": False}
    found = [
        results,
        results.why("power", "late"),
        results.why_different("power"),
        sim.trace(late(), 0),
        studies.drivers(late(), 60, tornado=0, sobol=0, **how),  # type: ignore[arg-type]
        studies.crew_loss(late(), 20, **how),  # type: ignore[arg-type]
        studies.counterfactuals(late(), "power", 4, most=2, **how),  # type: ignore[arg-type]
    ]
    for item in found:
        text, html = repr(item), item._repr_html_()  # type: ignore[attr-defined]
        assert "object at" not in text
        assert len(text) < 6000
        assert "<script" not in html
        assert html.startswith("<")


def test_tables_are_escaped_and_cut() -> None:
    import pandas as pd

    html = as_html(HOSTILE, pd.DataFrame({HOSTILE: [HOSTILE] * 20, "x": [1 / 3] * 20}))
    assert "<script" not in html
    assert "0.333" in html
    assert "and 8 more rows" in html
